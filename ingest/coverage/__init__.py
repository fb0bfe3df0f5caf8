"""Sets a sheet of source notes against the corpus: `python -m ingest.coverage SHEET`.

sheet     the facts of a Markdown sheet
carrying  which facts no document carries
runs      runs of words that a document shares with the sheet
synonyms  words that mean the same
words     the words of a text, as all compare them
"""

from ingest.coverage.carrying import Match, match_facts
from ingest.coverage.runs import Run, fixed_terms, shared_runs
from ingest.coverage.sheet import Fact, read_sheet
from ingest.coverage.synonyms import Synonyms

__all__ = ["Fact", "Match", "Run", "Synonyms", "fixed_terms", "match_facts", "read_sheet", "shared_runs"]
