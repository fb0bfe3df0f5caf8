"""The reader: documents as pages, the cited sentence marked, and what changed since it was cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from test_answers import Markup

from bot.web.reader import by_topic, is_overdue, matches
from bot.web.words import load_words
from ingest.domain import Document
from ingest.reading import read_document

Publish = Callable[[str, Sequence[Document]], None]


def span(document: Document, words: str) -> str:
    start = document.text.index(words)
    return f"start={start}&end={start + len(words)}"


def test_the_library_lists_every_document(client: TestClient) -> None:
    page = client.get("/library").text
    assert 'href="/library/cups"' in page
    assert 'href="/library/hostile"' in page
    assert "2 documents" in page


def test_the_library_can_be_searched(client: TestClient) -> None:
    page = client.get("/library", params={"q": "bamboo GLASS"}).text
    assert 'href="/library/cups"' in page
    assert 'href="/library/hostile"' not in page
    assert "No document has all of these words." in client.get("/library", params={"q": "zzz"}).text


@pytest.mark.parametrize("query", ['"><script>alert(1)</script>', "%", "' OR 1=1 --"])
def test_a_search_is_shown_as_text(client: TestClient, query: str) -> None:
    assert "script" not in Markup(client.get("/library", params={"q": query}).text).tags


def test_a_document_has_contents_references_notes_and_review_dates(client: TestClient) -> None:
    page = client.get("/library/cups").text
    assert 'href="#part-2"' in page
    assert 'id="part-2"' in page
    assert "https://doi.org/10.1000/cups.1" in page
    assert "reported, not verified by us" in page
    assert "No study has found that." in page
    assert "2020-01-01" in page
    assert "review of this document is overdue" in page
    assert "Weak evidence" in page


def test_the_cited_sentence_is_marked(client: TestClient, documents: list[Document]) -> None:
    page = client.get(f"/library/cups?{span(documents[0], 'Some are made of bamboo.')}&version=v1").text
    assert '<mark id="cited" tabindex="-1">Some are made of bamboo.</mark>' in page
    assert "changed" not in page


@pytest.mark.parametrize("query", ["start=5&end=2", "start=-9&end=9", "start=0&end=999999", "start=1"])
def test_a_range_that_does_not_fit_marks_nothing(client: TestClient, query: str) -> None:
    reply = client.get(f"/library/cups?{query}")
    assert reply.status_code == 200
    assert "<mark" not in reply.text


def test_a_link_shows_the_text_as_it_was_cited(
    client: TestClient, documents: list[Document], publish: Publish, tmp_path: Path
) -> None:
    link = f"/library/cups?{span(documents[0], 'Some are made of bamboo.')}&version=v1"
    changed = tmp_path / "cups.md"
    old = (tmp_path / "corpus" / "cups.md").read_text(encoding="utf-8")
    changed.write_text(old.replace("bamboo", "clay"), encoding="utf-8")
    publish("v2", [read_document(changed, "cups.md"), documents[1]])
    page = client.get(link).text
    assert "has changed since it was cited" in page
    assert "Some are made of bamboo.</mark>" in page
    assert "Some are made of clay." in client.get("/library/cups").text
    assert "changed since" not in client.get("/library/hostile?start=0&end=4&version=v1").text


def test_a_withdrawn_document_is_shown_as_it_was_cited_and_says_so(
    client: TestClient, documents: list[Document], publish: Publish
) -> None:
    publish("v2", documents[1:])
    assert "no longer in the library" in client.get("/library/cups?version=v1").text
    assert client.get("/library/cups").status_code == 404


def test_a_version_that_is_gone_gives_the_present_text_and_says_so(client: TestClient) -> None:
    page = client.get("/library/cups?start=0&end=5&version=v0").text
    assert "no longer kept" in page
    assert "<mark" not in page


@pytest.mark.parametrize("version", ["../v1", "..", ".building-v2", "v1/../../etc", "%00"])
def test_a_version_cannot_name_another_folder(client: TestClient, version: str) -> None:
    reply = client.get("/library/cups", params={"version": version})
    assert "no longer kept" in reply.text


def test_an_unknown_document_is_told_in_plain_words(client: TestClient) -> None:
    reply = client.get("/library/none")
    assert reply.status_code == 404
    assert "no such document" in reply.text


def test_a_hostile_document_is_text(client: TestClient) -> None:
    for path in ("/library/hostile?start=0&end=40&version=v1", "/library"):
        found = Markup(client.get(path).text)
        assert "script" not in found.tags
        assert "x" not in found.addresses
        assert not any(name.startswith("on") for name in found.attributes)
        assert not any(address.startswith("javascript:") for address in found.addresses)
    assert "<b>markup" not in client.get("/library/hostile").text


def test_documents_stand_on_the_shelf_of_their_topic(documents: list[Document]) -> None:
    cups, other = documents
    shelves = by_topic([other, cups])
    assert shelves["The basics"] == [cups]
    assert shelves[load_words().shelf_for_others] == [other]


def test_search_needs_every_word(documents: list[Document]) -> None:
    assert matches(documents[0], "")
    assert matches(documents[0], "Bamboo glass")
    assert not matches(documents[0], "bamboo steel")


def test_a_document_without_a_date_is_never_overdue(documents: list[Document]) -> None:
    from datetime import date

    assert not is_overdue(replace(documents[0], review_due=None), date(2030, 1, 1))
    assert is_overdue(documents[0], date(2021, 1, 1))
    assert not is_overdue(documents[0], date(2020, 12, 31))
