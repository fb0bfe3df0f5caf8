"""The words that the web pages say for themselves, read from `words.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ingest.data_files import read_yaml


class EvidenceWords(BaseModel):
    """How one grade of evidence is named and explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    short: str
    explanation: str


class Sign(BaseModel):
    """A sign in the text for a key that names no publication, and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign: str
    meaning: str


class Words(BaseModel):
    """All words of the web pages. A missing or an unknown one is an error at start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str
    title: str
    tagline: str
    opening: str
    can_title: str
    can: tuple[str, ...]
    cannot_title: str
    cannot: tuple[str, ...]
    examples_title: str
    examples: tuple[str, ...]
    composer_label: str
    composer_placeholder: str
    send: str
    stop: str
    retry: str
    start_over: str
    library: str
    keep: str
    keep_hint: str
    footer: str
    no_script: str
    thinking: str
    stopped: str
    sources_title: str
    sources_close: str
    sources_button: str
    source: str
    open_document: str
    said_by: str
    answered: str
    copy_label: str
    copied: str
    save: str
    print: str
    related_title: str
    note_title: str
    references_title: str
    no_references: str
    behind: str
    memory: str
    page: str
    ask_again_kindly: str
    aria: dict[str, str]
    errors: dict[str, str]
    evidence: dict[str, EvidenceWords]
    kinds: dict[str, str]
    set_apart: dict[str, str]
    notices: dict[str, str]
    alarms: dict[str, dict[str, str]]
    reader: dict[str, str]
    shelves: dict[str, tuple[str, ...]]
    shelf_for_others: str
    reserved: dict[str, Sign]
    feedback: dict[str, str]
    curator: dict[str, Any]

    def grade(self, evidence: str) -> EvidenceWords:
        """The words for a grade; those for "ungraded" where the grade is unknown."""
        return self.evidence.get(evidence, self.evidence["ungraded"])

    def kind(self, kind: str) -> str:
        """The words for a kind of source."""
        return self.kinds.get(kind, self.kinds["unreviewed"])

    def alarm(self, severity: str, language: str) -> str:
        """The title over a call for help, in English where the language has none."""
        titles = self.alarms[severity]
        return titles.get(language, titles["en"])

    def shelf_of(self, topics: Sequence[str]) -> str:
        """The shelf of the library page for a document with these topics."""
        places = {topic: shelf for shelf, held in self.shelves.items() for topic in held}
        return next((places[topic] for topic in topics if topic in places), self.shelf_for_others)


@cache
def load_words() -> Words:
    """Read the words once."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    return Words.model_validate(read_yaml(text))
