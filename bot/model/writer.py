"""Model mode as a writer: asks a chat model, shows only what was verified, and falls back to quotations."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from time import monotonic

from langchain_core.language_models import BaseChatModel

from bot.domain import DroppedSentence, Writing
from bot.draft import Draft
from bot.guardrail.personal_data import mask_personal_data
from bot.model.breaker import Allowance, Breaker
from bot.model.calling import Caller, Usage
from bot.model.drafting import Drafting
from bot.model.entailment import CrossEncoderEntailment
from bot.model.factory import open_chat_model, says_end
from bot.model.faults import ABSTAINED, EMPTY, MALFORMED, RESTING, SPENT, UNSUPPORTED, Fault, ModelFault, fault_of
from bot.model.prompts import MOST_SENTENCES, load_prompt
from bot.model.reply import ReplyReader, Written
from bot.model.sheet import Sheet
from bot.model.support.check import SupportCheck
from bot.model.verification import Verifier
from bot.writing import Evidence, Writer
from ingest.embedder import Embedder
from ingest.settings import Settings

_log = logging.getLogger(__name__)
PASSAGES = 6
"""Passages that are sent."""
_ATTEMPTS = 2
_CHARACTERS_OF_A_TOKEN = 4
"""Of English, about: for providers that count no tokens, so that the day's allowance holds there too."""
_LEAST_TIME = 0.3
"""Share of the time that must be left for a second attempt."""


class ModelWriter:
    """Writes with a chat model. `quotes` writes where the model is not to be asked or can't be trusted."""

    def __init__(
        self,
        model: BaseChatModel,
        settings: Settings,
        quotes: Writer,
        check: SupportCheck,
        breaker: Breaker | None = None,
    ) -> None:
        self._settings, self._quotes, self._check = settings, quotes, check
        self._caller = Caller(model, settings.model_concurrency, says_end(settings))
        self._breaker = breaker or Breaker()
        self._allowance = Allowance(settings.model_tokens_per_day)

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder, quotes: Writer) -> ModelWriter:
        """As the settings say. Raises ModelSettingError with what to do where the model can't be opened."""
        second = CrossEncoderEntailment(settings.nli_model).ready() if settings.nli_model else None
        return cls(open_chat_model(settings), settings, quotes, SupportCheck.load(embedder.embed_queries, second))

    def write(self, evidence: Evidence) -> Draft:
        """The verified draft for one question."""
        *_, whole = self.drafts(evidence)
        return whole

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """The draft as it grows by verified sentences; the last one is whole.

        Where the library does not say, the model is not asked. Where the model fails, the last draft is of quotations,
        and its `writing.fallback` says why.
        """
        quoted = self._quotes.write(evidence)
        if not quoted.statements:
            yield quoted
            return
        usage, dropped = Usage(), list[DroppedSentence]()
        attempts, deadline = 0, monotonic() + self._settings.model_timeout_s
        while True:
            attempts += 1
            drafting = Drafting(self._settings.model)
            try:
                yield from self._attempt(evidence, drafting, deadline, usage)
                break
            except Exception as error:  # whatever a provider's client raises, the reader gets an answer
                fault = fault_of(error)
                dropped += drafting.dropped
                time_left = (deadline - monotonic()) / self._settings.model_timeout_s
                if fault.retry and attempts < _ATTEMPTS and time_left >= _LEAST_TIME:
                    continue
                _log.warning("The language model %s; the library is quoted instead.", fault.reason)
                yield replace(
                    quoted, writing=self._writing(attempts, usage, dropped, fault.reason), dropped=len(dropped)
                )
                return
        written = self._writing(attempts, usage, [*dropped, *drafting.dropped], "")
        yield replace(drafting.draft(), confidence=quoted.confidence, writing=written, dropped=len(written.dropped))

    def _attempt(self, evidence: Evidence, drafting: Drafting, deadline: float, usage: Usage) -> Iterator[Draft]:
        """One call. Raises ModelFault, or what the provider's client raises, where no verified sentence comes of it."""
        if not self._breaker.allows():
            raise ModelFault(RESTING)
        if not self._allowance.left():
            raise ModelFault(SPENT)
        sheet, prompt = Sheet.of(evidence.hits[:PASSAGES], evidence.library), load_prompt()
        question = mask_personal_data(evidence.wording.text)
        verifier = Verifier(self._check, sheet, evidence.library)
        reader, seen, cited, silent = ReplyReader(), 0, False, False
        spent, messages = usage.sent + usage.received, prompt.messages(question, sheet.render(), sheet.example)
        try:
            with closing(self._caller.stream(messages, deadline, usage)) as pieces:
                for written in _sentences(reader, pieces):
                    if prompt.silence.search(written.text.lower()):
                        silent = True
                        verifier.judge(replace(written, keys=()))  # so that what leans on it goes too
                        continue
                    seen += 1
                    cited = cited or bool(written.keys)
                    if seen <= MOST_SENTENCES and drafting.take(written.text, verifier.judge(written)):
                        yield replace(drafting.draft(), growing=True, confidence=None)
        except Exception as error:
            if fault_of(error).down:
                self._breaker.failed()
            raise
        finally:
            characters = sum(len(str(message.content)) for message in messages) + len(reader.text)
            self._allowance.use(usage.sent + usage.received - spent or characters // _CHARACTERS_OF_A_TOKEN)
        self._breaker.worked()
        if not drafting.statements:
            raise ModelFault(_fault(reader.text, silent, cited))

    def _writing(self, attempts: int, usage: Usage, dropped: list[DroppedSentence], fallback: str) -> Writing:
        return Writing(
            model=self._settings.model,
            prompt=load_prompt().version,
            attempts=attempts,
            tokens_sent=usage.sent,
            tokens_received=usage.received,
            dropped=tuple(dropped),
            fallback=fallback,
        )


def _fault(reply: str, silent: bool, cited: bool) -> Fault:
    """What is wrong with a reply of which nothing was verified."""
    if not reply.strip():
        return EMPTY
    if silent:
        return ABSTAINED
    return UNSUPPORTED if cited else MALFORMED


def _sentences(reader: ReplyReader, pieces: Iterator[str]) -> Iterator[Written]:
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.finish()
