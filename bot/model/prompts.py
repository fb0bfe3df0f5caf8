"""The prompt: its wording is data (`data/prompt.yaml`), its version goes into every answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Template

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from ingest.data_files import read_yaml

MOST_SENTENCES = 7
"""Sentences that a reply may hold; more are cut off."""


@dataclass(frozen=True)
class Prompt:
    """One version of the wording.

    abstention: what the model is to write where the passages do not answer; silence: what counts as that.
    addresses: sentences of a passage that speak to the writer of a reply.
    """

    version: str
    abstention: str
    silence: re.Pattern[str]
    system: Template
    user: Template
    addresses: re.Pattern[str]

    def messages(self, question: str, passages: str, example_key: str) -> list[BaseMessage]:
        """What is sent for one question; `passages` as rendered by `Sheet`."""
        rules = self.system.substitute(most=MOST_SENTENCES, abstention=self.abstention)
        asked = self.user.substitute(
            passages=passages, question=as_data(question), most=MOST_SENTENCES, example=example_key
        )
        return [SystemMessage(rules), HumanMessage(asked)]


def as_data(text: str) -> str:
    """Text that can't close the tag that it stands in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=1)
def load_prompt() -> Prompt:
    """The prompt of the package."""
    data = read_yaml(files("bot.model").joinpath("data", "prompt.yaml").read_text(encoding="utf-8"))
    return Prompt(
        str(data["version"]),
        data["abstention"],
        re.compile(data["silence"]),
        Template(data["system"]),
        Template(data["user"]),
        re.compile(data["addresses"]),
    )
