"""What can go wrong with a provider, told apart without knowing the provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """reason: plain words that follow "the language model"; retry: worth a second try; down: the provider's fault."""

    reason: str
    retry: bool = False
    down: bool = False


TIMED_OUT = Fault("did not answer in time", down=True)
EMPTY = Fault("gave an empty reply", retry=True)
CUT_OFF = Fault("broke off its reply", retry=True, down=True)
MALFORMED = Fault("gave a reply that cites no passage", retry=True)
REFUSED = Fault("declined to answer")
ABSTAINED = Fault("found no answer in the passages")
UNSUPPORTED = Fault("wrote nothing that the passages support")
BUSY = Fault("is busy with other questions")
RESTING = Fault("has failed several times and is given a rest")
SPENT = Fault("has used up its allowance for today")


class ModelFault(Exception):
    """A fault on its way to the writer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def fault_of(error: BaseException) -> Fault:
    """The fault behind an exception of any provider's client, by its status code, else by its kind."""
    if isinstance(error, ModelFault):
        return error.fault
    for each in _chain(error):
        status = getattr(each, "status_code", None) or getattr(getattr(each, "response", None), "status_code", None)
        if isinstance(status, int):
            return _by_status(status)
        name = type(each).__name__.lower()
        if isinstance(each, TimeoutError) or "timeout" in name:
            return TIMED_OUT
        if isinstance(each, OSError) or any(word in name for word in ("connect", "protocol", "network", "incomplete")):
            return Fault("can't be reached", retry=True, down=True)
    if isinstance(error, ValueError):  # a reply that is no JSON, or not of the protocol's shape
        return Fault("gave a reply that can't be read", retry=True, down=True)
    return Fault(f"failed ({type(error).__name__})", retry=True, down=True)


def _by_status(status: int) -> Fault:
    if status in (401, 403):
        return Fault("did not accept the key; check the provider's key setting", down=True)
    if status == 404:
        return Fault("does not exist at the provider; check CUPWISE_MODEL", down=True)
    if status == 429:
        return Fault("is limiting requests", retry=True, down=True)
    if status >= 500 or status == 408:
        return Fault("is out of order", retry=True, down=True)
    return Fault(f"refused the request (status {status})")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
