"""Jinja templates, always escaping: no text of a document, a question or a model can become markup."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.links import reference_link, telephone_link
from bot.web.words import load_words

_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_LINE_BREAK = re.compile(r"\s*\n\s*")


@cache
def environment() -> Environment:
    """The one template environment. Undefined names are errors."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = load_words()
    made.globals["reference_link"] = reference_link
    made.globals["telephone_link"] = telephone_link
    return made


def render(template: str, **values: Any) -> str:
    """A template filled in."""
    return environment().get_template(template).render(**values)


def render_line(template: str, **values: Any) -> str:
    """A template filled in, on one line: the chat takes a block of HTML only as far as the first blank line."""
    return _LINE_BREAK.sub(" ", _BETWEEN_TAGS.sub("><", render(template, **values))).strip()
