"""Offsets are exact, whatever the text: properties over made-up documents."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.composer import Composer
from ingest.domain import Document
from ingest.readers.markdown import compose_markdown
from ingest.readers.plain import compose_plain
from ingest.sentences import sentence_spans
from ingest.splitter import split_document

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)
PROSE = st.lists(
    st.sampled_from(
        ["Cups", "draw", "skin.", "Why?", "e.g.", "Dr.", "Li", "3.5", "(yes!)", "“No.”", "…", "[Key1]", "膝"]
    ),
    max_size=40,
).map(" ".join)
BLOCKS = st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "page"]), WORDS | PROSE), max_size=12)


def _composed(blocks: list[tuple[str, str]]) -> Document:
    composer = Composer(keys=["Key1"])
    for kind, text in blocks:
        if kind == "heading":
            composer.heading(text, 2)
        elif kind == "page":
            composer.page()
        else:
            getattr(composer, kind)(text)
    text, sections = composer.finish()
    return Document("d", "Title", "", text, "unreviewed", "ungraded", (), sections, pages=composer.pages)


def _inked(text: str) -> str:
    return "".join(text.split())


@given(WORDS | PROSE)
@settings(max_examples=150, deadline=None)
def test_sentences_cover_all_that_is_not_white_space_once(text: str) -> None:
    spans = sentence_spans(text)
    assert _inked("".join(text[start:end] for start, end in spans)) == _inked(text)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_sections_and_sentences_lie_in_order_inside_the_text(blocks: list[tuple[str, str]]) -> None:
    document = _composed(blocks)
    position = 0
    for section in document.sections:
        assert position <= section.start <= section.end <= len(document.text)
        for sentence in section.sentences:
            assert section.start <= sentence.start < sentence.end <= section.end
            assert position <= sentence.start
            position = sentence.end
            words = document.text[sentence.start : sentence.end]
            assert words == words.strip()
            assert "[Key1]" not in words
    assert list(document.pages) == sorted(document.pages)


@given(BLOCKS, st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_passages_hold_every_sentence_once_and_keep_to_the_limit(blocks: list[tuple[str, str]], most: int) -> None:
    document = _composed(blocks)
    passages = split_document(document, most)
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert passage.text == document.text[passage.start : passage.end]
        assert sum(len(document.text[s.start : s.end].split()) for s in passage.sentences) <= most
    from_passages = "".join(document.text[s.start : s.end] for p in passages for s in p.sentences)
    from_sections = "".join(document.text[s.start : s.end] for x in document.sections for s in x.sentences)
    assert _inked(from_passages) == _inked(from_sections)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_a_reader(text: str) -> None:
    for compose in (compose_markdown, compose_plain):
        composer = Composer()
        compose(text, composer)
        composed, sections = composer.finish()
        assert all(composed[s.start : s.end].strip() for section in sections for s in section.sentences)


def test_marker_is_taken_out_and_its_key_goes_to_the_sentence_before_it() -> None:
    document = _composed([("paragraph", "Cups leave marks. [Key1] Marks fade [Other2]. They were pink. [Key1]")])
    (section,) = document.sections
    assert document.text == "Cups leave marks. Marks fade [Other2]. They were pink."
    assert [sentence.keys for sentence in section.sentences] == [("Key1",), (), ("Key1",)]


def test_same_paragraph_keeps_its_passage_id_when_others_change() -> None:
    before = split_document(_composed([("paragraph", "One stays."), ("heading", "H"), ("paragraph", "Two goes.")]), 20)
    after = split_document(_composed([("paragraph", "One stays."), ("heading", "H"), ("paragraph", "Two came.")]), 20)
    assert before[0].id == after[0].id
    assert before[1].id != after[1].id
