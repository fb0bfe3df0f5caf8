"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One defect. `path` is relative to the corpus folder, `line` counts from 1, `mend` says what to do."""

    path: str
    line: int
    severity: Severity
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.what} {self.mend}".rstrip()
