"""Over real HTTP: every fault of a provider ends in an answer, within the time allowed, and is named."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from provider import Asked, Breaks, Fails, Garbles, Reply, Says, Stalls, provider

from bot.domain import Answer

KNEE = "Is osteoarthritis an autoimmune disease?"
TRUE = "Osteoarthritis is not classed as an autoimmune disease"


def _good(asked: Asked) -> Says:
    return Says(f"{TRUE} [{asked.key_of('osteoarthritis (OA) is not classed as an autoimmune disease')}].")


FAULTS: dict[str, tuple[Reply, str]] = {
    "stalls at once": (Stalls(), "did not answer in time"),
    "stalls midway": (Stalls("Osteoarthritis is"), "did not answer in time"),
    "disconnects": (Breaks("Osteoarthritis is"), "broke off its reply"),
    "rate limit": (Fails(429), "is limiting requests"),
    "out of order": (Fails(503), "is out of order"),
    "key refused": (Fails(401), "did not accept the key"),
    "unknown model": (Fails(404), "does not exist"),
    "bad request": (Fails(400), "refused the request"),
    "not the protocol": (Garbles(), "can't be read"),
    "empty": (Says(""), "gave an empty reply"),
    "blank": (Says("  \n \n"), "gave an empty reply"),
    "no keys": (Says("Osteoarthritis is a disease of joints."), "cites no passage"),
    "filtered": (Says("", finish="content_filter"), "declined to answer"),
    "refuses": (Says("", refusal="I can't help with that."), "gave an empty reply"),
    "abstains": (Says("The passages do not say."), "found no answer in the passages"),
    "abstains in its own words": (Says("The passage doesn't say. [AB12]"), "found no answer in the passages"),
}


@pytest.mark.parametrize(("reply", "reason"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_ends_in_quotations_and_is_named(open_with, reply: Reply, reason: str) -> None:  # type: ignore[no-untyped-def]
    with provider([reply]) as server:
        begun = time.monotonic()
        answer: Answer = open_with(server.url, model_timeout_s=2.0).ask(KNEE)
        assert time.monotonic() - begun < 15
    assert answer.answered_by == "quotes"
    assert answer.statements
    assert answer.writing is not None
    assert reason in answer.writing.fallback
    assert f"The language model {answer.writing.fallback}" in answer.text


@pytest.mark.parametrize("reply", [Breaks("x"), Fails(429), Fails(500), Says(""), Says("No keys here."), Garbles()])
def test_what_may_pass_is_tried_once_more(open_with, reply: Reply) -> None:  # type: ignore[no-untyped-def]
    replies = [reply]

    with provider(lambda asked: replies.pop() if replies else _good(asked)) as server:
        answer: Answer = open_with(server.url).ask(KNEE)
        assert len(server.asked) == 2
    assert answer.answered_by.startswith("model:")
    assert answer.writing is not None
    assert answer.writing.attempts == 2


@pytest.mark.parametrize("reply", [Fails(401), Fails(400), Says("", finish="content_filter")])
def test_what_will_not_pass_is_not_tried_again(open_with, reply: Reply) -> None:  # type: ignore[no-untyped-def]
    with provider([reply]) as server:
        open_with(server.url).ask(KNEE)
        assert len(server.asked) == 1


def test_a_break_after_a_shown_sentence_ends_in_quotations(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(lambda asked: Breaks(_good(asked).text + "\nOsteo")) as server:
        steps = list(open_with(server.url).stream(KNEE))
    assert steps[0].answered_by.startswith("model:")
    assert [s.text for s in steps[0].statements] == [f"{TRUE}."]
    assert steps[-1].answered_by == "quotes"


def test_a_provider_that_is_down_is_given_a_rest(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider([Fails(401)]) as server:
        pipeline = open_with(server.url)
        answers = [pipeline.ask(KNEE) for _ in range(5)]
        assert len(server.asked) == 3
    assert "is given a rest" in answers[-1].writing.fallback


def test_calls_at_once_are_bounded(open_with) -> None:  # type: ignore[no-untyped-def]
    running, most = [], [0]

    def slowly(asked: Asked) -> Says:
        running.append(1)
        most[0] = max(most[0], len(running))
        time.sleep(0.2)
        running.pop()
        return _good(asked)

    with provider(slowly) as server:
        pipeline = open_with(server.url, model_concurrency=2, model_timeout_s=30.0)
        pipeline.ask(KNEE)
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: pipeline.ask(KNEE), range(6)))
    assert most[0] == 2
    assert all(answer.statements for answer in answers)


def test_the_days_tokens_are_bounded(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(_good) as server:
        pipeline = open_with(server.url, model_tokens_per_day=1500)
        answers = [pipeline.ask(KNEE) for _ in range(3)]
        assert len(server.asked) == 2
    assert "allowance" in answers[-1].writing.fallback


def test_the_days_tokens_are_bounded_where_the_provider_counts_none(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(lambda asked: replace(_good(asked), counts=False)) as server:
        pipeline = open_with(server.url, model_tokens_per_day=500)
        answers = [pipeline.ask(KNEE) for _ in range(3)]
        assert len(server.asked) == 1
    assert "allowance" in answers[-1].writing.fallback


def test_the_request_is_bounded_and_deterministic(open_with) -> None:  # type: ignore[no-untyped-def]
    with provider(_good) as server:
        open_with(server.url, model_max_tokens=321).ask(KNEE)
        body = server.asked[0].body
    assert body["temperature"] == 0
    assert 321 in (body.get("max_tokens"), body.get("max_completion_tokens"))
    assert body["stream"] is True
