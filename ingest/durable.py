"""Files that survive a crash: written beside and renamed, and made durable."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(file: Path, text: str) -> None:
    """Replace a file's content so that no reader ever sees half of it, and a crash keeps the old one."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    sync_folder(file.parent)


def sync_tree(folder: Path) -> None:
    """Make every file below a folder durable."""
    for path in [*folder.rglob("*"), folder]:
        sync_folder(path)


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def sync_folder(path: Path) -> None:
    """Make one file, or the names in one folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
