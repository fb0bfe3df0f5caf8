"""What the chat shows of an answer: the right parts, in the right place, and never as markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from scripted_pipeline import quoted, simple

from bot.domain import Action, Answer, Citation, Statement, Writing
from bot.web.answers import render_answer, render_problem, render_question, runs, severity
from bot.web.paragraphs import Excerpt, excerpt
from ingest.domain import Document, Reference

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "[x](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }}{% raw %}",
    "</article></div><iframe src=//a.example>",
    "**bold** `code` $$x$$ <!-- comment",
    "line\n\n<h1>after a blank line</h1>",
]


def shown(answer: Answer, documents: list[Document], final: bool = True) -> str:
    held = {document.id: document for document in documents}

    def around(citation: Citation, version: str) -> Excerpt:  # noqa: ARG001
        return excerpt(held[citation.document], citation.start, citation.end)

    return render_answer(answer, 1, around, final)


class Markup(HTMLParser):
    """What a browser would make of a text: its tags, its attributes' names, its addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}


ATTRIBUTES = {"class", "id", "lang", "dir", "href", "target", "rel", "title", "type", "hidden"}


def assert_harmless(html: str, usual: set[str]) -> None:
    found = Markup(html)
    assert found.tags <= usual
    assert found.attributes <= ATTRIBUTES
    assert all(re.match(r"/library/|https?://|tel:", address) for address in found.addresses)
    assert "\n" not in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_an_answer_becomes_markup(payload: str, documents: list[Document]) -> None:
    plain = quoted("q", documents[:1], "v1")
    usual = Markup(shown(plain, documents)).tags | {"strong", "em", "div", "p"}
    citation = replace(
        plain.citations[0],
        title=payload,
        section=payload,
        note=payload,
        kind=payload,
        evidence=payload,
        references=(Reference("k", payload, payload, payload, url=payload, doi=payload),),
    )
    hostile = replace(
        plain,
        question=payload,
        statements=(Statement(payload, (1,)),),
        citations=(citation,),
        notice=payload,
        related=(payload,),
        text=payload,
        language=payload,
    )
    html = render_answer(hostile, 1, lambda *_: Excerpt(payload, payload, payload))
    assert_harmless(html, usual)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("action", list(Action))
def test_no_reply_without_statements_becomes_markup(payload: str, action: Action) -> None:
    html = render_answer(replace(simple("q", action, payload), notice=payload), 1, lambda *_: Excerpt("", "", ""))
    assert_harmless(html, {"article", "div", "p", "h2", "span", "strong", "em", "a"})


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_question_is_text(payload: str) -> None:
    assert_harmless(render_question(payload, 1), {"div", "p", "h2"})


def test_an_answer_says_why_it_quotes_where_a_model_was_asked(documents: list[Document]) -> None:
    answer = quoted("What are cups?", documents[:1], "v1")
    assert "language model" not in shown(answer, documents)
    writing = Writing("openai:any", "2", 1, 0, 0, fallback="did not answer in time")
    assert "The language model did not answer in time" in shown(replace(answer, writing=writing), documents)


def test_each_statement_links_to_its_source_in_the_reader(documents: list[Document]) -> None:
    html = shown(quoted("q", documents[:1], "v1"), documents)
    start = documents[0].text.index("Cups are made of glass.")
    assert f'href="/library/cups?start={start}&amp;end={start + 23}&amp;version=v1#cited"' in html


def test_sources_show_the_quotation_marked_in_its_paragraph(documents: list[Document]) -> None:
    html = shown(quoted("q", documents[:1], "v1"), documents)
    assert "<mark>Cups are made of glass.</mark> Some are made of bamboo." in html
    assert "https://doi.org/10.1000/cups.1" in html
    assert "reported, not verified by us" in html
    assert "Weak evidence" in html


def test_a_growing_answer_has_no_sources_yet(documents: list[Document]) -> None:
    html = shown(quoted("q", documents[:1], "v1"), documents, final=False)
    assert "is-growing" in html
    assert "stored-sources" not in html


def test_an_advice_notice_comes_before_the_answer_and_others_after(documents: list[Document]) -> None:
    answer = replace(quoted("q", documents[:1], "v1"), notice="Ask your midwife.")
    advice = shown(replace(answer, action=Action.ANSWER_WITH_ADVICE_DISCLAIMER), documents)
    general = shown(replace(answer, action=Action.ANSWER_WITH_DISCLAIMER), documents)
    assert advice.index("Ask your midwife.") < advice.index("Cups are made of glass.")
    assert general.index("Ask your midwife.") > general.index("Cups are made of glass.")


def test_an_advice_notice_stands_while_the_answer_grows(documents: list[Document]) -> None:
    answer = replace(quoted("q", documents[:1], "v1", Action.ANSWER_WITH_ADVICE_DISCLAIMER), notice="Ask your midwife.")
    assert "Ask your midwife." in shown(answer, documents, final=False)


@pytest.mark.parametrize("action", [Action.URGENT, Action.CRISIS])
def test_a_call_for_help_can_be_tapped(action: Action) -> None:
    html = render_answer(simple("q", action, "**Call 112 (or 999) now.**"), 1, lambda *_: Excerpt("", "", ""))
    assert '<a class="telephone" href="tel:112">112</a>' in html
    assert '<a class="telephone" href="tel:999">999</a>' in html


def test_numbers_that_are_no_telephone_stay_text() -> None:
    html = render_answer(simple("q", Action.SAY_UNKNOWN, "In 2018, 112 people"), 1, lambda *_: Excerpt("", "", ""))
    assert "tel:" not in html


def test_only_http_and_telephone_links_of_our_own_texts_are_linked() -> None:
    found = runs("[a](https://a.example) [b](tel:112) [c](javascript:x) **d**", telephones=False)
    assert [(r.kind, r.address) for r in found if r.kind != "text"] == [
        ("link", "https://a.example"),
        ("telephone", "tel:112"),
        ("strong", ""),
    ]


def test_a_link_or_a_number_inside_strong_words_still_works() -> None:
    found = runs("**Talk now: see [a](https://a.example) or 116 123.**", telephones=True)
    assert [run.kind for run in found] == ["strong", "link", "strong", "telephone", "strong"]


def test_right_to_left_replies_run_right_to_left() -> None:
    html = render_answer(simple("q", Action.URGENT, "اتصل بـ 112", "ar"), 1, lambda *_: Excerpt("", "", ""))
    assert 'lang="ar" dir="rtl"' in html


def test_severities_are_told_apart() -> None:
    assert [severity(a) for a in (Action.URGENT, Action.CRISIS, Action.ANSWER_WITH_ADVICE_DISCLAIMER)] == [
        "help",
        "care",
        "box",
    ]
    assert severity(Action.ANSWER) == severity(Action.ANSWER_WITH_DISCLAIMER) == "quiet"


def test_copied_text_has_the_reply_and_its_sources(documents: list[Document]) -> None:
    html = shown(quoted("What are cups?", documents[:1], "v1"), documents)
    plain = html.split("stored-plain")[1]
    assert "What are cups?" in plain
    assert "Journal of Cups" in plain
    assert "&#10;" in plain


def test_weak_kinds_of_source_are_set_apart(documents: list[Document]) -> None:
    answer = quoted("q", documents[:1], "v1")
    claimed = replace(answer, citations=tuple(replace(c, kind="unreviewed") for c in answer.citations))
    assert "A document that nobody has reviewed says:" in shown(claimed, documents)
    clinic = replace(answer, citations=tuple(replace(c, kind="clinic-website") for c in answer.citations))
    assert 'class="claim"' in shown(clinic, documents)
    assert 'class="claim"' not in shown(answer, documents)


def test_a_problem_offers_to_ask_again() -> None:
    assert "ask-again" in render_problem("It broke.", 1)
