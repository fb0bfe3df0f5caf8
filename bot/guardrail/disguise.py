"""Other readings of a text that may hide its words: spaced letters, digits for letters, masks, codes.

Each reading is a folded text of its own; offsets still lead to the original.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from bot.guardrail import lexicon
from ingest.folding import Folded

_SPACED = re.compile(r"(?<![\w'])(?:[a-z0-9@$!][ .*_/|~-]{1,3}){3,400}[a-z0-9@$!](?![\w'])")
_LEET_WORD = re.compile(r"(?<![\w@$])(?=[\w@$!|+]*[a-z])(?=[\w@$!|+]*[0-9@$!|+])[a-z0-9@$!|+]{3,}(?<![!+|])(?![\w@$])")
_MEASURE = re.compile(r"\d+(?:[a-z]{1,3}|st|nd|rd|th|years?|weeks?|days?|mins?|hours?)|[a-z]{1,2}\d+[a-z]?|[a-z]+\d+")
_MASKED = re.compile(r"(?<!\w)[a-z]+[*#]+[a-z]*(?!\w)")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}[ :]?){8,}(?![0-9a-fA-F])")
_BINARY = re.compile(r"(?<![01])(?:[01]{8}[ ,]?){4,}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){4,}|(?:&#\d{2,4};){4,}|(?:\\u00[0-9a-fA-F]{2}){4,}")
_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_URL_SAFE = str.maketrans("+/", "-_")
_LONGEST_CODE = 20_000


@lru_cache(maxsize=1)
def _data() -> tuple[dict[int, str], tuple[str, ...], frozenset[str], dict[str, str]]:
    data = lexicon.read("disguise")
    leet = str.maketrans({str(sign): str(letter) for sign, letter in data["digits_for_letters"].items()})
    keys = tuple(data["guarded_words"])
    return leet, keys, frozenset(data["common_words"].split()), _spellings(data)


def readings(folded: Folded) -> Iterator[Folded]:
    """Readings that differ from the text as it stands. Most texts have none."""
    text = folded.text
    plain = folded
    if _SPACED.search(text):
        plain = plain.substitute(_SPACED, _close_up)
    if _STRETCHED.search(plain.text):
        plain = plain.substitute(_STRETCHED, lambda m: m[1])
    plain = plain.substitute(_LEET_WORD, _letters)
    plain = plain.substitute(_MASKED, _unmask)
    if any(word in _data()[3] for word in _PLAIN_WORD.findall(plain.text)):
        plain = plain.substitute(_PLAIN_WORD, _spell)
    if plain.text != text:
        yield plain


@lru_cache(maxsize=8)
def decoded(original: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Plain texts that stand encoded in the original (base64, hex, binary, escapes, rot13, reversed), with spans.

    Those of the last texts are kept: alarms, harm and instructions are looked for in the same question.
    """
    return tuple(_decoded(original))


def _decoded(original: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for pattern, decode in _codes():
        for match in pattern.finditer(original[:_LONGEST_CODE]):
            text = decode(match.group())
            if text and _readable(text):
                yield text, match.span()
    yield from _turned(original)


def _codes() -> tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]:
    return (_BASE64, _from_base64), (_HEX, _from_hex), (_BINARY, _from_binary), (_PERCENT, _from_escapes)


def _turned(original: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The text under rot13 and read backwards, where that has more common words than the text itself."""
    sample = original[:_LONGEST_CODE]
    words = re.findall(r"[a-z']+", sample.lower())
    if len(words) < 3:
        return
    for turn in (lambda s: codecs.encode(s, "rot13"), lambda s: s[::-1]):
        for match in re.finditer(r"[^\n.!?:;\"“”()\[\]]+", sample):
            part = match.group()
            before, after = _common(part), _common(turn(part))
            if after >= 2 and after > 2 * before:
                yield turn(part), match.span()


def _common(text: str) -> int:
    known = _data()[2]
    return sum(word in known for word in re.findall(r"[a-z']+", text.lower()))


def _readable(text: str) -> bool:
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return len(text) >= 6 and letters > 0.75 * len(text) and text.isprintable()


def _from_base64(code: str) -> str:
    try:
        plain = code.rstrip("=")
        return (
            base64.urlsafe_b64decode(plain.translate(_URL_SAFE) + "=" * (-len(plain) % 4))
            .decode("utf-8")
            .replace("\n", " ")
            .strip()
        )
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _from_hex(code: str) -> str:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", code)).decode("utf-8").strip()
    except (ValueError, UnicodeDecodeError):
        return ""


def _from_binary(code: str) -> str:
    return "".join(chr(int(byte, 2)) for byte in re.findall(r"[01]{8}", code)).strip()


def _from_escapes(code: str) -> str:
    numbers = [int(h, 16) for h in re.findall(r"(?:%|\\u00)([0-9a-fA-F]{2})", code)] or [
        int(d) for d in re.findall(r"&#(\d{2,4});", code)
    ]
    return "".join(map(chr, numbers)).strip()


def _close_up(match: re.Match[str]) -> str:
    """Join spaced letters and, where they are all words that we know, part the words again."""
    letters = re.sub(r"[ .*_/|~-]", "", match.group()).translate(_data()[0])
    return " ".join(_words_in(letters)) or letters


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    return _data()[2].union(_data()[1])


@lru_cache(maxsize=256)
def _words_in(letters: str) -> tuple[str, ...]:
    """The fewest known words that make up `letters`; none where something is left over."""
    known = _known_words()
    best: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        options = [
            [*found, letters[start:end]]
            for start in range(max(0, end - 14), end)
            if (found := best[start]) is not None and letters[start:end] in known
        ]
        best.append(min(options, key=len) if options else None)
    return tuple(best[-1] or ())


def _letters(match: re.Match[str]) -> str:
    word = match.group()
    return word if _MEASURE.fullmatch(word) else word.translate(_data()[0])


def _unmask(match: re.Match[str]) -> str:
    pattern = re.compile(re.sub(r"[*#]+", lambda m: f"[a-z]{{1,{max(3, len(m.group()))}}}", match.group()))
    return next((word for word in _data()[1] if pattern.fullmatch(word)), match.group())


def _spell(match: re.Match[str]) -> str:
    return _data()[3].get(match.group(), match.group())


def _spellings(data: dict[str, Any]) -> dict[str, str]:
    """Every spelling of a guarded word (six letters or more) with one letter lost, doubled, changed or swapped."""
    found: dict[str, str] = dict(data["respelt"])
    words, known = frozenset(data["guarded_words"]), frozenset(data["not_misspelt"])
    for word in data["guarded_words"]:
        if len(word) < 6:
            continue
        for i in range(len(word)):
            spelt = [word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]]
            if i + 1 < len(word):
                spelt.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
            if i > 0:
                spelt += [word[:i] + letter + word[i + 1 :] for letter in "abcdefghijklmnopqrstuvwxyz"]
            for spelling in spelt:
                if spelling not in words and spelling not in known:
                    found.setdefault(spelling, word)
    return found
