"""Fixed texts: calls for help with the country's numbers, refusals, notices. All wording lives in messages/."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.data_files import read_yaml

_FOLDER = Path(__file__).parent / "messages"


@lru_cache(maxsize=8)
def _texts(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read_yaml((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def help_text(kind: str, language: str, country: str | None) -> str:
    """A text of help.yaml ("urgent", "crisis", "crisis_child", ...), in English where the language has none.

    Some languages have only the two texts "urgent" and "crisis", which then stand for the finer kinds.
    """
    texts = _texts("help").get(language, _texts("help")["en"])
    text: str = texts.get(kind) or texts["urgent" if kind.startswith("urgent") else "crisis"]
    return text.format(emergency=emergency_number(language, country), line=crisis_line(language, country))


def emergency_number(language: str, country: str | None) -> str:
    """The country's emergency number, in a phrase of the language; without a country, the general one."""
    texts, numbers = _texts("help").get(language, _texts("help")["en"]), _texts("emergency-numbers")
    code = _code(country)
    entry = numbers["emergency"].get(code)
    if entry is None and code in numbers["european_union"]["countries"]:
        entry = numbers["european_union"]
    if entry is None:
        return str(texts["unset"])
    phrase = str(texts["joined"]) if "also" in entry else "{call}"
    return phrase.format(**{key: entry[key] for key in ("call", "also") if key in entry})


def crisis_line(language: str, country: str | None) -> str:
    """The country's crisis line, else where lines are listed."""
    entry = _texts("emergency-numbers")["crisis"].get(_code(country))
    return str(entry["line"] if entry else _texts("help").get(language, _texts("help")["en"])["line_unset"])


def decline_text(action: str, topic: str, country: str | None) -> str:
    """The refusal for an action of replies.yaml; a topic without its own wording gets the general one."""
    texts = _texts("replies")[action]
    text: str = texts.get(topic, texts["general"])
    return text.format(emergency=emergency_number("en", country))


def language_text(language: str, country: str | None = None) -> str:
    """That only English is answered, in the reader's language; where we do not write it, in English with the number."""
    texts: dict[str, str] = _texts("replies")["language"]
    return texts.get(language) or texts["elsewhere"].format(emergency=emergency_number("en", country))


def unknown_text(topics: list[str]) -> str:
    texts = _texts("replies")["say_unknown"]
    return str(texts["with_topics"]).format(topics="; ".join(topics)) if topics else str(texts["without_topics"])


def advice_notice(topic: str, country: str | None) -> str:
    texts: dict[str, str] = _texts("notices")["advice"]
    return texts.get(topic, texts["general"]).format(emergency=emergency_number("en", country))


def disclaimer(topic: str, evidence: str | None, title: str | None) -> str:
    """One sentence for an answer on health in general, by evidence grade where one is known."""
    texts: dict[str, str] = _texts("notices")["disclaimer"]
    key = topic if topic in texts and topic != "general" else (evidence or "general")
    name = _sentence_case(title) if title else _texts("notices")["unnamed"]
    return texts.get(key, texts["general"]).format(topic=name)


def _sentence_case(title: str) -> str:
    """A title inside a sentence: a lower first letter, unless the word is an abbreviation."""
    first = title.split(" ", 1)[0]
    return title if first.isupper() and len(first) > 1 else title[:1].lower() + title[1:]


def _code(country: str | None) -> str:
    code = (country or "").strip().upper()
    return "GB" if code == "UK" else code
