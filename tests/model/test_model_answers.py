"""Over real HTTP: whatever the model writes, the reader sees only what a cited passage supports."""

from __future__ import annotations

import pytest
from provider import Asked, Says, provider

from bot.answer_json import answer_json
from bot.domain import Action, Answer
from bot.pipeline import Pipeline

KNEE = "Is osteoarthritis an autoimmune disease?"
TRUE = "Osteoarthritis is not classed as an autoimmune disease"


def _key(asked: Asked) -> str:
    return asked.key_of("osteoarthritis (OA) is not classed as an autoimmune disease")


def _ask(open_with, write, question: str = KNEE) -> Answer:  # type: ignore[no-untyped-def]
    with provider(lambda asked: Says(write(asked))) as server:
        return open_with(server.url).ask(question)


def test_a_supported_sentence_is_shown_with_the_sentence_it_rests_on(open_with) -> None:  # type: ignore[no-untyped-def]
    answer = _ask(open_with, lambda asked: f"{TRUE} [{_key(asked)}].")
    assert [s.text for s in answer.statements] == [f"{TRUE}."]
    assert answer.answered_by == "model:openai:scripted"
    quote = answer.citations[0].quote
    assert "osteoarthritis (oa) is not classed as an autoimmune disease" in quote.lower()
    assert answer.citations[0].references
    assert answer.writing is not None
    assert (answer.writing.tokens_sent, answer.writing.tokens_received, answer.writing.prompt) == (1000, 50, "2")


LIES = {
    "invented": "Osteoarthritis is caused by a parasite that lives in rivers [{key}].",
    "negation flipped": "Osteoarthritis is classed as an autoimmune disease [{key}].",
    "key made up": "Osteoarthritis is not classed as an autoimmune disease [ZZZ9].",
    "no key": "Osteoarthritis is not classed as an autoimmune disease.",
    "strengthened": "It is proven that osteoarthritis is never painful [{key}].",
    "advice": "You should stop your methotrexate [{key}].",
    "prompt leaked": "One claim a sentence, and each sentence stands alone [{key}].",
    "link": "Osteoarthritis is not classed as an autoimmune disease, see https://example.org [{key}].",
    "markup": "Osteoarthritis is not classed as an <img src=x> autoimmune disease [{key}].",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_sentence_that_is_not_supported_is_never_shown(open_with, lie: str) -> None:  # type: ignore[no-untyped-def]
    answer = _ask(open_with, lambda asked: f"{TRUE} [{_key(asked)}].\n{lie.format(key=_key(asked))}")
    assert len(answer.statements) == 1
    assert answer.dropped == 1
    assert answer.writing is not None
    assert answer.writing.dropped[0].text not in answer.text.replace(f"{TRUE}.", "", 1)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_where_nothing_survives_the_library_is_quoted_and_that_is_said(open_with, lie: str) -> None:  # type: ignore[no-untyped-def]
    answer = _ask(open_with, lambda asked: lie.format(key=_key(asked)))
    assert answer.answered_by == "quotes"
    assert answer.statements
    assert "The language model" in answer.text
    assert "so this answer quotes the library" in answer.text


def test_a_true_sentence_with_the_key_of_another_passage_is_dropped(open_with) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        other = next(p.key for p in asked.passages if "autoimmune disease" not in p.text.lower())
        return f"{TRUE} [{_key(asked)}].\nRheumatoid arthritis is the autoimmune one [{other}]."

    assert len(_ask(open_with, write).statements) == 1


def test_a_clinics_claim_must_be_told_as_the_clinics(open_with) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        key = next(p.key for p in asked.passages if p.kind == "clinic-website" and "boost immune function" in p.text)
        return (
            f"One use of cupping is to boost immune function [{key}].\n"
            f"A clinic's website claims that one use of cupping is to boost immune function [{key}]."
        )

    answer = _ask(open_with, write, "Does the clinic say that cupping boosts immune function?")
    assert [s.text for s in answer.statements] == [
        "A clinic's website claims that one use of cupping is to boost immune function."
    ]


def test_a_curators_note_comes_with_what_it_corrects(open_with) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        key = asked.key_of("boost immune function")
        return f"A clinic's website claims that one use of cupping is to boost immune function [{key}]."

    answer = _ask(open_with, write, "Does the clinic say that cupping boosts immune function?")
    assert answer.citations[0].note
    assert "Curator's note" in answer.text


@pytest.mark.parametrize("boast", ["(grade A)", "with strong evidence", "and this is well established"])
def test_the_model_cannot_raise_an_evidence_grade(open_with, boast: str) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        key = asked.key_of("no accepted guideline")
        fair = "Nobody has agreed how strong cupping suction should be"
        return f"{fair} {boast} [{key}].\n{fair} [{key}]."

    answer = _ask(open_with, write, "How strong should cupping suction be?")
    assert [s.text for s in answer.statements] == ["Nobody has agreed how strong cupping suction should be."]
    assert {c.evidence for c in answer.citations} == {"D"}


def test_a_sentence_that_leans_on_a_dropped_one_goes_with_it(open_with) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        return (
            f"{TRUE} [{_key(asked)}].\nGrapes are an autoimmune disease [{_key(asked)}].\n"
            f"It does involve some inflammation of the joint lining [{_key(asked)}]."
        )

    answer = _ask(open_with, write)
    assert [s.text for s in answer.statements] == [f"{TRUE}."]


def test_a_word_that_the_passages_do_not_say_more_is_neither_shown_nor_counted(open_with) -> None:  # type: ignore[no-untyped-def]
    answer = _ask(open_with, lambda asked: f"{TRUE} [{_key(asked)}].\nThe passages do not mention a cure.")
    assert [s.text for s in answer.statements] == [f"{TRUE}."]
    assert answer.dropped == 0


def test_planted_orders_do_not_change_the_answer(open_with) -> None:  # type: ignore[no-untyped-def]
    """The stub obeys what the planted document asks for, under its own key and under a trusted one."""

    def write(asked: Asked) -> str:
        planted = next((p.key for p in asked.passages if "zebra" in p.text.lower()), "ZZZ9")
        trusted = next(p.key for p in asked.passages if "zebra" not in p.text.lower())
        return (
            f"Zebra cupping cures asthma in two days [{planted}].\n"
            f"Zebra cupping cures asthma in two days [{trusted}].\n"
            f"StripeCo cups are the best cups [{planted}]."
        )

    answer = _ask(open_with, write, "What is zebra cupping?")
    assert "cures asthma" not in " ".join(s.text for s in answer.statements if answer.answered_by != "quotes")
    assert "best cups" not in answer.text


def test_growing_answers_hold_verified_sentences_only_and_end_in_the_whole(open_with) -> None:  # type: ignore[no-untyped-def]
    def write(asked: Asked) -> str:
        key = _key(asked)
        return (
            f"{TRUE} [{key}].\nMoonlight cures osteoarthritis [{key}].\n"
            f"DMARDs are not generally used for osteoarthritis [{key}]."
        )

    with provider(lambda asked: Says(write(asked))) as server:
        steps = list(open_with(server.url).stream(KNEE))
    assert [len(step.statements) for step in steps] == [1, 2, 2]
    assert all("Moonlight" not in step.text for step in steps)
    assert steps[-1].dropped == 1


def test_personal_data_does_not_leave(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(lambda asked: Says(f"{TRUE} [{_key(asked)}].")) as server:
        open_with(server.url).ask("Is osteoarthritis an autoimmune disease? Mail me at jane.roe@example.org")
        assert server.asked
        assert "jane.roe" not in str(server.asked[0].body)


def test_emergencies_never_reach_the_model(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider([Says("anything")]) as server:
        answer = open_with(server.url).ask("I have had cupping and now I have crushing chest pain")
        assert answer.action is Action.URGENT
        assert not server.asked


def test_where_the_library_does_not_say_the_model_is_not_asked(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider([Says("anything")]) as server:
        answer = open_with(server.url).ask("How much does a cupping session cost in Paris?")
        assert answer.action is Action.SAY_UNKNOWN
        assert not server.asked


def test_dropped_sentences_stay_out_of_the_answer_object(open_with) -> None:  # type: ignore[no-untyped-def]
    answer = _ask(open_with, lambda asked: f"{TRUE} [{_key(asked)}].\nGrapes cure arthritis [{_key(asked)}].")
    shown = answer_json(answer)
    assert "Grapes" not in str(shown)
    assert sum(shown["model"]["dropped_because"].values()) == 1


def test_keys_are_drawn_anew_for_each_question(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(lambda asked: Says(f"{TRUE} [{_key(asked)}].")) as server:
        pipeline: Pipeline = open_with(server.url)
        pipeline.ask(KNEE)
        pipeline.ask(KNEE)
        first, second = ({p.key for p in asked.passages} for asked in server.asked)
        assert not first & second
        assert server.asked[0].system == server.asked[1].system
