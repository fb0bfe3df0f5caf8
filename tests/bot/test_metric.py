"""The learned likeness of questions: what it is fitted to do, and that it does it for questions it never saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.also_asked import AlsoAsked
from bot.evaluation.questions import load_questions
from bot.metric import learned_map, turned
from bot.metric_training import fit
from bot.pipeline import Pipeline
from bot.retrieval import _fuse
from ingest.settings import Settings


def test_vectors_of_another_model_are_left_as_they_are(pipeline: Pipeline) -> None:
    own = learned_map(pipeline.library.manifest.embedding)
    assert own is not None and own.shape == (384, 384)
    assert learned_map("another model") is None


def test_through_the_map_vectors_keep_unit_length() -> None:
    chance = np.random.default_rng(1)
    vectors, matrix = chance.normal(size=(5, 8)), chance.normal(size=(8, 8)).astype(np.float32)
    assert np.allclose(np.linalg.norm(turned(vectors, np.zeros(8), matrix), axis=1), 1, atol=1e-5)
    assert not np.isnan(turned(np.zeros(8), np.zeros(8), matrix)).any()


def test_wordings_of_a_section_come_together_where_only_a_faint_part_tells_sections_apart() -> None:
    chance = np.random.default_rng(2)
    sections = [("d", f"s{number}") for number in range(6) for _ in range(8)]
    asked = np.repeat(np.eye(6) * 0.7, 8, axis=0)
    vectors = np.hstack([asked, chance.normal(size=(48, 10))]).astype(np.float32)

    def own_is_nearest(matrix: np.ndarray | None) -> float:
        rows = turned(vectors, np.zeros(16), matrix)
        alike = rows @ rows.T - 2 * np.eye(48)
        return float(np.mean([sections[i] == sections[j] for i, j in enumerate(alike.argmax(axis=1))]))

    assert own_is_nearest(fit(sections, vectors)) > own_is_nearest(None) + 0.2


def test_labelled_questions_come_nearer_to_their_documents_than_by_plain_cosines(pipeline: Pipeline) -> None:
    library, embedder = pipeline.library, pipeline.searcher.embedder
    _, vectors = library.wording_vectors()
    learned = library.also_asked
    plain = replace(learned, vectors=turned(vectors, library.centre, None), matrix=None)
    questions = [q for q in load_questions(Settings().questions, "dev") if q.answerable and not q.history][::3]

    def right(asked: AlsoAsked) -> int:
        found = 0
        for question in questions:
            near = asked.likeness(embedder.embed_query(question.question))
            found += max(near, key=lambda section: near[section])[0] in question.documents
        return found

    assert len(questions) > 150
    assert right(learned) > right(plain) + 0.03 * len(questions)


def test_a_passage_without_wordings_is_judged_by_its_vector() -> None:
    dense = {"near": 0.9, "asked": 0.6, "far": 0.2}
    fused = _fuse(dense, {"near": 3.0}, {"asked": 0.8})
    assert fused["near"] > fused["asked"] > fused["far"]
    assert max(fused, key=lambda identifier: fused[identifier]) == "near"


def test_without_any_wordings_the_order_is_that_of_vectors_and_words() -> None:
    dense = {"a": 0.9, "b": 0.8, "c": 0.1}
    fused = _fuse(dense, {}, {})
    assert sorted(fused, key=lambda identifier: -fused[identifier]) == ["a", "b", "c"]
    assert fused["a"] == 0.6
