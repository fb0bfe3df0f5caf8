"""The YAML front matter of a document: its schema, and errors that name file, field and what was expected."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from ingest.domain import Reference
from ingest.errors import FrontMatterError

Kind = Literal[
    "systematic-review",
    "randomised-trial",
    "guideline",
    "government",
    "narrative-review",
    "observational",
    "case-report",
    "reference",
    "clinic-website",
    "tradition",
    "unreviewed",
]
Evidence = Literal["A", "B", "C", "D", "0", "not-applicable", "ungraded"]

Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
"""One more wording in which people ask what a section answers."""

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class ReferenceEntry(BaseModel):
    """One published source in the front matter."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    key: str = Field(pattern=r"^[A-Za-z][\w.:-]*$")
    title: str
    author: str = ""
    where: str = ""
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = Field(None, pattern=r"^https?://")
    kind: str = ""
    checked: Literal["seen", "memory"] = "seen"

    def as_reference(self) -> Reference:
        """The entry as a domain value."""
        return Reference(**self.model_dump())


class NoteEntry(BaseModel):
    """A curator's note on a sentence that stands in the body word for word."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(min_length=1)
    note: str = Field(min_length=1)
    see: str | None = None
    references: list[str] = []


class FrontMatter(BaseModel):
    """What a curated document says of itself."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")
    title: str = Field(min_length=1, max_length=200)
    summary: str = ""
    kind: Kind = "unreviewed"
    evidence: Evidence = "ungraded"
    topics: list[str] = []
    reviewed_on: date | None = None
    review_due: date | None = None
    references: list[ReferenceEntry] = []
    notes: list[NoteEntry] = []
    also_asked: dict[str, list[Asked]] = {}
    """Heading of a section -> other wordings of the question that it answers."""

    @field_validator("evidence", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def split_front_matter(raw: str) -> tuple[str | None, str]:
    """The YAML between the two `---` lines (None where there is none) and the body after it."""
    match = _BLOCK.match(raw)
    return (match[1], raw[match.end() :]) if match else (None, raw)


def parse_front_matter(source: str, path: Path, register: dict[str, dict[str, Any]]) -> FrontMatter:
    """Validate front matter. A reference given as a bare key is looked up in the register.

    Raises FrontMatterError naming the file, the field, what was found and what was expected.
    """
    try:
        data = yaml.safe_load(source)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f"line {where.line + 2}: " if where else ""
        problem = getattr(error, "problem", None) or str(error)
        mend = "Mend the YAML between the two --- lines; quote a value that has a colon in it."
        raise FrontMatterError(str(path), f"{line}the front matter is not valid YAML ({problem}).", mend) from None
    if not isinstance(data, dict):
        raise FrontMatterError(str(path), "the front matter must be a list of `name: value` lines.")
    data["references"] = [_looked_up(entry, path, register) for entry in data.get("references") or []]
    data["notes"] = data.get("notes") or []
    data["also_asked"] = data.get("also_asked") or {}
    try:
        return FrontMatter.model_validate(data)
    except ValidationError as error:
        raise FrontMatterError(str(path), _describe(error), "See corpus/README.md for the schema.") from None


def load_register(corpus: Path) -> dict[str, dict[str, Any]]:
    """The register of references (`references.yaml` in the corpus folder or beside it), by key."""
    for candidate in (corpus / "references.yaml", corpus.parent / "references.yaml"):
        if candidate.is_file():
            entries = yaml.safe_load(candidate.read_text(encoding="utf-8")) or []
            return {entry["key"]: entry for entry in entries}
    return {}


def _looked_up(entry: Any, path: Path, register: dict[str, dict[str, Any]]) -> Any:
    if not isinstance(entry, str):
        return entry
    if entry not in register:
        mend = "Add it to references.yaml, or write the entry out here."
        raise FrontMatterError(str(path), f"references: no entry with the key '{entry}' in the register.", mend)
    return register[entry]


def _describe(error: ValidationError) -> str:
    lines = []
    for item in error.errors():
        field = ".".join(str(part) for part in item["loc"])
        found = "" if item["type"] == "missing" else f" (found: {item['input']!r:.80})"
        lines.append(f"field '{field}': {item['msg']}{found}")
    return "; ".join(lines) + "."
