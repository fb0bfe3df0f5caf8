"""A build, what it changes in documents and in answers, and its publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.building import Build, build, discard
from ingest.embedder import Embedder
from ingest.progress import Progress
from ingest.publishing import publish
from ingest.settings import Settings
from ingest.versions import Versions

_NOT_PUBLISHED = "Nothing was published; `cupwise publish` publishes what is shown here."


@dataclass(frozen=True)
class AnswerChange:
    """A labelled question that would be answered or cited differently."""

    id: str
    question: str
    old_action: str
    new_action: str
    old_text: str
    new_text: str
    old_documents: tuple[str, ...]
    new_documents: tuple[str, ...]


@dataclass(frozen=True)
class BuildReport:
    """What a build found and made. `version` is None where nothing had changed."""

    version: str | None
    before: str | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    failures: tuple[tuple[str, str, str], ...]
    passages_added: int
    passages_removed: int
    passages_unchanged: int
    embedded: int
    rebuilt_because: str
    published: bool
    answers: tuple[AnswerChange, ...] | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("answers", "failures")}
        data = {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}
        data["failures"] = [{"path": p, "reason": r, "mend": m} for p, r, m in self.failures]
        if self.answers is not None:
            data["answers"] = [vars(change) for change in self.answers]
        return data

    def as_text(self) -> str:
        """Lines for a person."""
        lines = [f"not taken in: {path}: {reason} {mend}".rstrip() for path, reason, mend in self.failures]
        for name, documents in (("added", self.added), ("changed", self.changed), ("removed", self.removed)):
            lines += [f"{name}: {document}" for document in documents] if len(documents) <= 60 else []
        if self.rebuilt_because:
            lines.append(f"Everything was rebuilt: {self.rebuilt_because}.")
        lines.append(self._summary())
        if self.answers is not None:
            lines += _answer_lines(self.answers)
        return "\n".join(lines)

    def _summary(self) -> str:
        if self.version is None:
            return f"Nothing has changed: {self.unchanged} documents, {self.passages_unchanged} passages."
        counts = f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"
        passages = f"{self.passages_added} passages new, {self.passages_removed} gone, {self.embedded} embedded"
        ending = f"Version {self.version} is published." if self.published else _NOT_PUBLISHED
        return f"Documents: {counts}, {self.unchanged} unchanged; {passages}. {ending}"


def run_build(settings: Settings, paths: Sequence[Path], progress: Progress, preview: bool) -> BuildReport:
    """Build what the corpus asks for, and publish it; with `preview`, compare answers and let it wait, unlisted."""
    versions, embedder = Versions(settings.data), Embedder(settings.embedding_model)
    with versions.writing():
        before = versions.current()
        built = build(settings, embedder, paths, progress, versions)
        if built.version is None:
            return _report(built, before, published=False, answers=() if preview else None)
        if not preview:
            publish(versions, built.version, settings.keep_versions)
            return _report(built, before, published=True)
        try:
            changes = compare_answers(settings, before, built.version)
        except BaseException:
            discard(versions, built.version)
            raise
        versions.set_aside(built.version)
    return _report(built, before, published=False, answers=changes)


def compare_answers(settings: Settings, before: str | None, after: str) -> tuple[AnswerChange, ...]:
    """Ask every labelled question of both versions; those answered or cited differently."""
    from bot.evaluation.questions import load_questions
    from bot.pipeline import Pipeline

    if before is None or not settings.questions.is_dir():
        return ()
    pipeline = Pipeline.open(settings)
    old, new = pipeline.at(before), pipeline.at(after)
    changes = []
    for question in load_questions(settings.questions):
        one, two = old.ask(question.question, question.history), new.ask(question.question, question.history)
        cited_one = tuple(dict.fromkeys(c.document for c in one.citations))
        cited_two = tuple(dict.fromkeys(c.document for c in two.citations))
        if (one.action, one.text, cited_one) != (two.action, two.text, cited_two):
            actions = (one.action.value, two.action.value)
            changes.append(
                AnswerChange(question.id, question.question, *actions, one.text, two.text, cited_one, cited_two)
            )
    return tuple(changes)


def _report(
    built: Build, before: str | None, published: bool, answers: tuple[AnswerChange, ...] | None = None
) -> BuildReport:
    changes = built.changes
    return BuildReport(
        version=built.version,
        before=before,
        added=tuple(document.id for document in changes.added),
        changed=tuple(document.id for document in changes.changed),
        removed=changes.removed,
        unchanged=len(changes.unchanged),
        failures=tuple((f.path, f.reason, f.mend) for f in changes.failures),
        passages_added=built.passages_added,
        passages_removed=built.passages_removed,
        passages_unchanged=built.passages_unchanged,
        embedded=built.embedded,
        rebuilt_because=built.rebuilt_because,
        published=published,
        answers=answers,
    )


def _answer_lines(changes: Sequence[AnswerChange]) -> list[str]:
    lines = [f"Labelled questions that would be answered or cited differently: {len(changes)}"]
    for change in changes:
        lines += [
            f"\n{change.id}: {change.question}",
            f"  before: {change.old_action} [{', '.join(change.old_documents)}] {change.old_text[:300]}",
            f"  after:  {change.new_action} [{', '.join(change.new_documents)}] {change.new_text[:300]}",
        ]
    return lines
