"""Lints a corpus before anything is built from it: `check_corpus` is the way in.

finding        what a check reports
manuscript     one file, read: its document, and the line on which each sentence stands
policy         the limits and word lists (data/check.yaml)
frontmatter    schema, dates, reference keys, curator's notes
wording        markers, long and leaning sentences, banned words, headings, links, reading grade
agreement      what only shows across files: the register, near-duplicates, the median grade, synonyms
"""

from ingest.check.corpus import check_corpus
from ingest.check.finding import Finding

__all__ = ["Finding", "check_corpus"]
