"""Markdown (CommonMark with tables)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.composer import Composer

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def compose_markdown(body: str, composer: Composer) -> str | None:
    """Feed a Markdown body to the composer. Returns the first heading, if there is one."""
    tokens = _PARSER.parse(body)
    first: str | None = None
    depth = 0
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type in ("fence", "code_block"):
            composer.paragraph(token.content)
        elif token.type == "table_open":
            _compose_table(tokens[index:], composer)
        elif token.type == "inline" and token.level < 100:
            opener = tokens[index - 1]
            if opener.type == "heading_open":
                first = first or plain(token)
                composer.heading(plain(token), int(opener.tag[1]))
            elif opener.type == "paragraph_open":
                (composer.item if depth else composer.paragraph)(plain(token))
    return first


def plain(token: Token) -> str:
    """An inline token as plain text: emphasis, links and code lose their marks, images keep their words."""
    words = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "image" or child.type in ("text", "code_inline"):
            words.append(child.content)
    return "".join(words)


def _compose_table(tokens: list[Token], composer: Composer) -> None:
    """Each row becomes one line `Header: cell; Header: cell.`, so that it can be quoted alone."""
    headers: list[str] = []
    row: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "inline" and tokens[index - 1].type == "th_open":
            headers.append(plain(token))
        elif token.type == "inline" and tokens[index - 1].type == "td_open":
            row.append(plain(token))
        elif token.type == "tr_close" and row:
            composer.item(table_row(headers, row))
            row = []
        elif token.type == "table_close":
            return


def table_row(headers: list[str], cells: list[str]) -> str:
    """One table row as a sentence."""
    named = [
        f"{headers[i]}: {cell}" if i < len(headers) and headers[i] else cell
        for i, cell in enumerate(cells)
        if cell.strip()
    ]
    sentence = "; ".join(named)
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."
