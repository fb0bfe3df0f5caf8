"""Zip files (DOCX, EPUB), opened with care: what they would unpack to is counted before and while it is unpacked."""

from __future__ import annotations

import io
import zipfile

from ingest.errors import DocumentError
from ingest.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1


def open_archive(data: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """The archive, its promised sizes within the limits. Raises DocumentError."""
    if data.startswith(_OLE):
        reason = "it is protected by a password, or in the old binary format of Word."
        raise DocumentError(name, reason, "Open it, save it without a password as DOCX, and try again.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        reason = f"it is not what its name says: the archive is broken ({error})."
        raise DocumentError(name, reason, "Get the file again, or save it anew.") from None
    entries = archive.infolist()
    limits.check_unpacked(name, sum(entry.file_size for entry in entries))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise DocumentError(name, "it is protected by a password.", "Save it without a password and try again.")
    return archive


def read_entry(archive: zipfile.ZipFile, entry: str, name: str, limits: Limits) -> bytes:
    """One file of the archive; never more than the limit, whatever the archive promised. Raises DocumentError."""
    try:
        with archive.open(entry) as file:
            data = file.read(limits.unpacked_bytes + 1)
    except KeyError:
        reason = f"a part is missing in it ({entry})."
        raise DocumentError(name, reason, "Get the file again, or save it anew.") from None
    limits.check_unpacked(name, len(data))
    return data
