"""Every error that the reading side raises on purpose.

BotError                 the root; its message is written for the person who sees it
├── QuestionError        a question can't be read (empty, too long, not text)
├── NoIndexError         there is no index to answer from yet
├── QuestionFileError    a file of questions does not fit its schema
└── ModelSettingError    the language model that the settings name can't be opened
"""

from __future__ import annotations


class BotError(Exception):
    """Root of all errors that the reading side raises on purpose."""


class QuestionError(BotError):
    """A question can't be read."""


class NoIndexError(BotError):
    """There is no index to answer from yet."""


class QuestionFileError(BotError):
    """A file of questions does not fit its schema."""


class ModelSettingError(BotError):
    """The language model that the settings name can't be opened."""
