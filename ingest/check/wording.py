"""Checks of a document's text, sentence by sentence and heading by heading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePath

import readability

from ingest.check.finding import Finding, Severity
from ingest.check.manuscript import LINK, Manuscript, Placed
from ingest.check.policy import Policy
from ingest.domain import Document

_WORD = re.compile(r"[\w'’-]+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’(?!\w)")


def check_sentences(paper: Manuscript, policy: Policy) -> Iterator[Finding]:
    """Each sentence has a source, is short, stands alone, and claims nothing with a banned word."""
    for placed in paper.sentences():
        short = f"'{placed.words[:70]}{'…' if len(placed.words) > 70 else ''}'"
        noted = any(
            note.start < placed.sentence.end and placed.sentence.start < note.end for note in paper.document.notes
        )
        for severity, what, mend in _faults(placed, noted, policy):
            yield Finding(paper.name, placed.line, severity, f"{what}: {short}.", mend)


def _faults(placed: Placed, noted: bool, policy: Policy) -> Iterator[tuple[Severity, str, str]]:
    """(severity, what, mend) for each fault of one sentence."""
    count = len(placed.words.split())
    if not placed.sentence.keys:
        mend = "Put the key of its source after its full stop, e.g. [Teut2012] or [reasoning]."
        yield "error", "A sentence has no reference", mend
    if placed.torn:
        mend = "Move the key to the end, or reword what looks like an abbreviation before the full stop."
        yield "error", "A reference stands in the middle of what is read as one sentence", mend
    if count > policy.limits.sentence_words:
        yield "error", f"A sentence has {count} words", "Make two of it."
    if policy.leaning.search(placed.words):
        yield "warning", "A sentence does not stand alone", "Name its subject: every sentence is quoted on its own."
    if word := banned_word(placed.words, noted, policy):
        mend = "Put it in quotation marks and deny it, say it otherwise, or name whose claim it is and add a note."
        yield "error", f"The banned word '{word}' is used as our own claim", mend


def banned_word(words: str, noted: bool, policy: Policy) -> str | None:
    """The first banned word that a sentence uses as its own claim: unquoted, undenied, unattributed."""
    unquoted = _QUOTED.sub(lambda match: " " * len(match[0]), words)
    for match in policy.banned.finditer(unquoted):
        if policy.denials.search(unquoted[: match.start()]):
            continue
        if noted and policy.attributions.search(unquoted):
            continue
        return match[0]
    return None


def check_headings(paper: Manuscript, policy: Policy) -> Iterator[Finding]:
    """Every heading is answered, stands once, and its answer speaks of what it asks."""
    seen: set[str] = set()
    for heading in paper.headings():
        if not heading.answered and heading.level > 1:
            mend = "Write its answer, or remove it."
            yield Finding(paper.name, heading.line, "error", f"Nothing stands under '{heading.text}'.", mend)
        if heading.text.lower() in seen:
            yield Finding(
                paper.name, heading.line, "error", f"The heading '{heading.text}' stands twice.", "Reword one of them."
            )
        seen.add(heading.text.lower())
        if not heading.text.endswith("?") and (word := banned_word(heading.text, False, policy)):
            mend = "Ask it as a question, or say it otherwise."
            yield Finding(paper.name, heading.line, "error", f"A heading claims '{word}': '{heading.text}'.", mend)
    yield from _off_the_point(paper, policy)


def _off_the_point(paper: Manuscript, policy: Policy) -> Iterator[Finding]:
    for section in paper.document.sections:
        first = section.sentences[0]
        asked = _stems(section.heading, policy)
        if section.level > 1 and asked and not asked & _stems(paper.document.text[first.start : first.end], policy):
            what = f"The first sentence under '{section.heading}' shares no word with it."
            mend = "Answer the heading in the first sentence, in the heading's words."
            yield Finding(paper.name, paper.line_of(f"# {section.heading}"), "warning", what, mend)


def _stems(words: str, policy: Policy) -> set[str]:
    found = (word.lower().removesuffix("'s") for word in _WORD.findall(words))
    return {word[:4] for word in found if word not in policy.stopwords}


def check_links(paper: Manuscript, names: Collection[str]) -> Iterator[Finding]:
    """A link inside the corpus leads to a file of the corpus."""
    folder = PurePath(paper.name).parent
    for line, words in paper.body:
        for match in LINK.finditer(words):
            target = match[2].split("#")[0]
            if "://" in match[2] or match[2].startswith("mailto:") or not target:
                continue
            if str(folder / target) not in names:
                mend = "Link to the file of a document, such as side-effects.md, or take the link out."
                yield Finding(paper.name, line, "error", f"The link to '{match[2]}' leads nowhere.", mend)


def check_grade(paper: Manuscript, policy: Policy) -> Iterator[Finding]:
    """The document is readable at the grade that the policy sets."""
    grade = reading_grade(paper.document)
    if grade > policy.limits.grade_of_document:
        what = f"The reading grade is {grade:.1f}; {policy.limits.grade_of_document:g} is the most."
        yield Finding(paper.name, paper.body_line, "error", what, "Shorten sentences and use everyday words.")


def reading_grade(document: Document) -> float:
    """Flesch-Kincaid grade of the sentences (years of school in the United States)."""
    sentences = [
        " ".join(_WORD.findall(document.text[sentence.start : sentence.end]))
        for section in document.sections
        for sentence in section.sentences
    ]
    measures = readability.getmeasures("\n".join(filter(None, sentences)), lang="en")
    return float(measures["readability grades"]["Kincaid"])
