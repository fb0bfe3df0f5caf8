"""Every error that ingest raises on purpose.

IngestError                  the root; its message is written for the person who sees it
├── DocumentError            one document can't be taken in (the others go on)
│   └── FrontMatterError     its front matter does not fit the schema
├── CorpusError              the corpus folder as a whole is unusable
├── ModelError               the embedding model is missing, or its weights are not the expected ones
├── VersionError             no version of the index, an unknown one, or a damaged one
│   └── ModelMismatchError   the index was built with another embedding model
├── StorageError             the data folder can't be written: the disk is full, or there is no permission
└── LockedError              another ingest is at work
"""

from __future__ import annotations


class IngestError(Exception):
    """Root of all errors that ingest raises on purpose."""


class DocumentError(IngestError):
    """One document can't be taken in. `path` names it, `reason` says why, `mend` what to do."""

    def __init__(self, path: str, reason: str, mend: str = "") -> None:
        self.path, self.reason, self.mend = path, reason, mend
        super().__init__(f"{path}: {reason}" + (f" {mend}" if mend else ""))


class FrontMatterError(DocumentError):
    """A document's front matter does not fit the schema."""


class CorpusError(IngestError):
    """The corpus folder as a whole is unusable."""


class ModelError(IngestError):
    """The embedding model is missing, or its weights are not the expected ones."""


class VersionError(IngestError):
    """There is no such version of the index, or it is damaged."""


class ModelMismatchError(VersionError):
    """The index was built with another embedding model than the one set."""


class StorageError(IngestError):
    """The data folder can't be written: the disk is full, or there is no permission."""


class LockedError(IngestError):
    """Another ingest holds the writer's lock."""
