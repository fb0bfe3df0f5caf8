"""The gate lets a burst through, then a steady rate, for each client by itself."""

from bot.web.limits import COMPUTING, Gate, Limits
from ingest.settings import Settings


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_burst_then_wait_then_go_on() -> None:
    clock = Clock()
    gate = Gate(per_minute=60, burst=3, clock=clock)
    assert [gate.wait("a") for _ in range(3)] == [0, 0, 0]
    assert gate.wait("a") == 1.0
    clock.now += 1.01
    assert gate.wait("a") == 0
    assert gate.wait("a") > 0


def test_a_refused_question_costs_nothing() -> None:
    clock = Clock()
    gate = Gate(per_minute=60, burst=1, clock=clock)
    gate.wait("a")
    for _ in range(50):
        assert gate.wait("a") > 0
    clock.now += 1.0
    assert gate.wait("a") == 0


def test_clients_do_not_share_a_bucket() -> None:
    gate = Gate(per_minute=1, burst=1, clock=Clock())
    assert gate.wait("a") == 0
    assert gate.wait("a") > 0
    assert gate.wait("b") == 0


def test_only_so_many_clients_are_remembered() -> None:
    gate = Gate(per_minute=1, burst=1, clock=Clock())
    for number in range(20_000):
        gate.wait(str(number))
    assert len(gate._buckets) <= 10_000


def test_waiting_for_a_model_leaves_places_for_others() -> None:
    quotes = Limits.of(Settings(model=""))
    assert quotes.computing == COMPUTING
    assert (quotes.questions_per_minute, quotes.burst) == (30, 20)
    written = Limits.of(Settings(model="openai:any", model_concurrency=40))
    assert written.at_once == written.computing > 40
    assert Limits.of(Settings(model="openai:any", model_concurrency=1)).computing == quotes.at_once
    assert written.remembered == 0
