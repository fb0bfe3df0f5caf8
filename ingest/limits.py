"""What a document may cost before it is refused. Every number is a setting."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.errors import DocumentError
from ingest.settings import Settings

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Largest file and largest content of a packed file (bytes), longest text (characters), most pages, depth."""

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 100 * MEGABYTE
    text_chars: int = 5_000_000
    pages: int = 2000
    nesting: int = 500

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings ask for."""
        return cls(
            file_bytes=int(settings.max_document_mb * MEGABYTE),
            unpacked_bytes=int(settings.max_unpacked_mb * MEGABYTE),
            text_chars=settings.max_document_chars,
            pages=settings.max_document_pages,
        )

    def check_file(self, name: str, size: int) -> None:
        """Raise DocumentError for a file of too many bytes."""
        if size > self.file_bytes:
            reason = f"the file has {_megabytes(size)}; at most {_megabytes(self.file_bytes)} are read."
            raise DocumentError(name, reason, "Split it, or raise CUPWISE_MAX_DOCUMENT_MB.")

    def check_unpacked(self, name: str, size: int) -> None:
        """Raise DocumentError for a packed file that would unpack to too many bytes."""
        if size > self.unpacked_bytes:
            reason = f"it unpacks to {_megabytes(size)}; at most {_megabytes(self.unpacked_bytes)} are read."
            raise DocumentError(
                name, reason, "Check where the file came from; if it is sound, raise CUPWISE_MAX_UNPACKED_MB."
            )

    def check_text(self, name: str, length: int) -> None:
        """Raise DocumentError for too long a text."""
        if length > self.text_chars:
            reason = f"its text has {length:,} characters; at most {self.text_chars:,} are taken in."
            raise DocumentError(name, reason, "Split it, or raise CUPWISE_MAX_DOCUMENT_CHARS.")

    def check_pages(self, name: str, pages: int) -> None:
        """Raise DocumentError for too many pages."""
        if pages > self.pages:
            reason = f"it has {pages:,} pages; at most {self.pages:,} are read."
            raise DocumentError(name, reason, "Split it, or raise CUPWISE_MAX_DOCUMENT_PAGES.")


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
