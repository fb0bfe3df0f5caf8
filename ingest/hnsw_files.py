"""Clears what Chroma leaves in the unused places of its HNSW files.

They are laid out for more elements than they hold, and the free places are written from whatever was in memory:
pieces of the very documents that were read. (Found by the search at the end of a purge; chromadb 1.5.9.)
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct("<iQQQQ")
"""Version of the format, offset, places, elements held, bytes an element."""
_VERSION = 1


def clear_unused(store: Path) -> None:
    """Fill the free places of every HNSW index below a store's folder with zeros. The store must be closed."""
    for header in store.rglob("header.bin"):
        data = header.read_bytes()
        if len(data) < _HEADER.size:
            continue
        version, _, places, held, size = _HEADER.unpack_from(data)
        if version == _VERSION:
            _clear(header.with_name("data_level0.bin"), places, held, size)
            _clear(header.with_name("length.bin"), places, held, 4)


def _clear(file: Path, places: int, held: int, size: int) -> None:
    if not file.is_file() or file.stat().st_size != places * size or held > places:
        return
    with file.open("r+b") as out:
        out.seek(held * size)
        out.write(bytes((places - held) * size))
