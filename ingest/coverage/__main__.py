"""Prints which facts of a sheet no document carries, and which runs of words documents share with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.coverage import Match, Run, Synonyms, fixed_terms, match_facts, read_sheet, shared_runs
from ingest.coverage.runs import LEAST_WORDS
from ingest.embedder import Embedder
from ingest.errors import IngestError
from ingest.frontmatter import load_register
from ingest.reading import read_document
from ingest.scanning import scan_corpus

_SHOWN_WORDS = 14
_SHOWN_MISSING = 6


def main(arguments: Sequence[str]) -> int:
    """Run on the sheet that is named. Returns the exit code: 1 where a document shares a run that is no fixed term."""
    given = _parser().parse_args(arguments)
    try:
        source = given.sheet.read_text(encoding="utf-8")
        register = load_register(given.corpus)
        files = scan_corpus(given.corpus).files
        documents = [read_document(path, name, register) for name, path in files.items()]
    except (IngestError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    facts = read_sheet(source, given.without)
    matches = match_facts(facts, documents, Embedder(), Synonyms.beside(given.corpus))
    runs = shared_runs(source, documents, fixed_terms(given.corpus))
    print(_facts_report(matches), _runs_report(runs), sep="\n\n")
    return 1 if any(not run.excused for run in runs) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest.coverage", description=__doc__)
    parser.add_argument("sheet", type=Path, help="a Markdown file of source notes; nothing of it is kept")
    parser.add_argument("--corpus", type=Path, default=Path("corpus/documents"), help="default: corpus/documents")
    help_without = "leave out sections and sentences that begin so; may be given more than once"
    parser.add_argument("--without", action="append", default=[], metavar="BEGINNING", help=help_without)
    return parser


def _facts_report(matches: Sequence[Match]) -> str:
    """The facts that no document carries, each with the nearest section and what that lacks."""
    lines: list[str] = []
    section = None
    for match in matches:
        if match.carried:
            continue
        if match.fact.section != section:
            section = match.fact.section
            lines += ["", section or "(before the first heading)"]
        lines.append(f"  line {match.fact.line}: {_first_words(match.fact.text)}")
        near = f"{match.document}: {match.section}"
        lines.append(f"    nearest: {near} (words {match.share:.2f}, meaning {match.closeness:.2f})")
        lines.append(f"    not there: {', '.join(match.missing[:_SHOWN_MISSING])}")
    carried = sum(match.carried for match in matches)
    return "\n".join([f"{carried} of {len(matches)} facts are carried, {len(matches) - carried} are not.", *lines])


def _runs_report(runs: Sequence[Run]) -> str:
    """The runs, the longest first; fixed terms are marked."""
    ordered = sorted(runs, key=lambda run: (run.excused, -run.length, run))
    lines = [f"  {run.length}  {run.document}: {run.text}{'  (fixed term)' * run.excused}" for run in ordered]
    own = sum(not run.excused for run in runs)
    excused = len(runs) - own
    head = f"{own} runs of {LEAST_WORDS} or more words are shared with the documents, besides {excused} fixed terms."
    return "\n".join([head, *lines])


def _first_words(text: str) -> str:
    cut = text.split()
    return " ".join(cut[:_SHOWN_WORDS]) + (" …" if len(cut) > _SHOWN_WORDS else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
