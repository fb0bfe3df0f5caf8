"""Retrieval and how a question's words are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from bot.domain import Answer
from bot.pipeline import Pipeline
from bot.synonyms import Synonyms
from ingest.lexicon import stems


def _first(pipeline: Pipeline, query: str) -> str:
    return pipeline.search(query, 1)[0].passage.document


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("cupping for nek pian", "neck-pain"),
        ("cups for worn-out knees", "knee-osteoarthritis"),
        ("expecting a baby and cupping", "pregnancy-and-breastfeeding"),
        ("Does hijama help raised blood pressure?", "high-blood-pressure"),
        ("giving blood after cupping", "blood-donation"),
    ],
    ids=["typing errors", "lay words", "synonym", "other name of the subject", "wording"],
)
def test_a_question_finds_its_document(pipeline: Pipeline, query: str, document: str) -> None:
    assert _first(pipeline, query) == document


def test_english_words_are_not_mended_into_words_of_the_library(pipeline: Pipeline) -> None:
    wording = pipeline.searcher.reader.read("what is the price?", pipeline.library)
    assert wording.text == "what is the price?"


@pytest.mark.parametrize("question", ["gua sha or cups for a stiff neck", "does it break wudu", "endo pain and cups"])
def test_words_of_other_fields_are_not_taken_for_typing_errors(pipeline: Pipeline, question: str) -> None:
    assert pipeline.searcher.reader.read(question, pipeline.library).text == question


def test_a_name_is_kept_where_the_question_is_about_the_name(pipeline: Pipeline) -> None:
    read = pipeline.searcher.reader.read
    assert "hijama" in read("What does hijama mean?", pipeline.library).dense
    assert "hijama" not in read("Can hijama cause anaemia?", pipeline.library).dense


def test_documents_are_found_once_each_best_first(pipeline: Pipeline) -> None:
    found = pipeline.search_documents("Is cupping safe in pregnancy?", 10)
    scores = [score for _, score in found]
    assert len(found) == 10 == len({document for document, _ in found})
    assert scores == sorted(scores, reverse=True)


def test_the_retriever_is_a_langchain_retriever(pipeline: Pipeline) -> None:
    documents = pipeline.as_retriever(k=3).invoke("Does cupping help neck pain?")
    assert len(documents) == 3
    metadata = documents[0].metadata
    text = pipeline.library.document(metadata["document"]).text
    assert text[metadata["start"] : metadata["end"]] == documents[0].page_content


def test_the_pipeline_is_a_langchain_runnable(pipeline: Pipeline) -> None:
    chain = pipeline.as_runnable() | RunnableLambda(lambda answer: answer.action.value)
    assert chain.invoke("What are the two main kinds of cupping?") == "answer"
    both = chain.batch([{"question": "and in pregnancy?", "history": ["Is cupping safe?"]}, "capital of France?"])
    assert both[1] == "decline_off_topic"
    steps = list(pipeline.as_runnable().stream("Does cupping help neck pain?"))
    assert all(isinstance(step, Answer) for step in steps)


def test_english_words_that_no_document_holds_are_mended_too(pipeline: Pipeline) -> None:
    read = pipeline.searcher.reader.read("wich swimer had the circel marks", pipeline.library)
    assert "circle marks" in read.text and "swimmer" in read.text


def test_a_relative_who_is_spoken_of_adds_nothing_to_the_search(pipeline: Pipeline) -> None:
    read = pipeline.searcher.reader.read("Mum has booked a session, what should she ask?", pipeline.library)
    assert "pregnan" not in read.dense and "mum" not in read.own


def test_a_phrase_that_leaves_one_common_word_is_no_synonym_of_it(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.yaml"
    file.write_text("- [contraindication, who should not]\n- [bruise, black and blue mark]\n", encoding="utf-8")
    synonyms = Synonyms.load(file)
    assert synonyms.expand(["not"]) == []
    assert synonyms.expand(stems("contraindication")) == ["not"]
    assert synonyms.expand(stems("black and blue mark")) == stems("bruise")
