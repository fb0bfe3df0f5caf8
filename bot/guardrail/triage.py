"""Triage: what to do with a question, decided by rules before anything is retrieved.

Precedence: crisis, urgent > harmful > injection > personal advice > off-topic > general health > plain facts.
The trained classifiers may only escalate what the rules let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bot.domain import Action, Triage
from bot.guardrail import intent, messages
from bot.guardrail.after_answer import find_violations
from bot.guardrail.alarms import Alarm, find_alarm, settles
from bot.guardrail.disguise import decoded, readings
from bot.guardrail.injection import Injection, find_injection, sentences_of
from bot.guardrail.judges import Judges
from bot.guardrail.language import detect_language, hardly_english, is_mostly_other
from bot.guardrail.plainest import Plain, find_plain, find_plain_of_any
from ingest.folding import Folded, fold

_LONGEST_TURN = 2_000
Embed = Callable[[list[str]], np.ndarray]


class Guardrail:
    """Triage, fixed texts and the check after the answer, for one country's numbers."""

    def __init__(self, judges: Judges, country: str | None = None) -> None:
        self._judges = judges
        self._country = country

    @classmethod
    def load(cls, embed: Embed | None, country: str | None = None) -> Guardrail:
        """embed: sentences -> (n, width) layers of the packaged model; without it the rules work alone."""
        return cls(Judges.load(embed), country)

    def triage(self, question: str, history: Sequence[str] = ()) -> Triage:
        """The action for `question` after `history` (earlier turns of the same person, oldest first)."""
        folded = fold(question)
        language = detect_language(question, folded.text)
        found = self._alarm(question, folded, language, history)
        if found:
            return found
        carried = self._carried(folded, language, question, history)
        if carried:
            return carried
        return self._without_alarm(question, folded, language, history)

    def _alarm(self, question: str, folded: Folded, language: str, history: Sequence[str]) -> Triage | None:
        before = fold(history[-1]).text[-_LONGEST_TURN:] if history else ""
        for reading, span in _all_readings(question, folded):
            alarm = find_alarm(reading.text, before, self._judges.bears_out)
            if alarm:
                where = span or reading.source_span(alarm.start, alarm.end)
                return _alarm_triage(alarm, question, language, where)
        plain = self._plain(folded, language)
        if plain:
            where = folded.source_span(plain.start, plain.end)
            return Triage(plain.action, "plain words of another language", question, plain.language, where,
                          "crisis" if plain.action is Action.CRISIS else "general")  # fmt: skip
        if settles(folded.text, by_now=True):
            return None
        escalated = self._escalated(folded.text, language)
        if escalated is None:
            return None
        return Triage(escalated, "classifier: may need help", question, language, topic="general")

    def _escalated(self, text: str, language: str) -> Action | None:
        return self._judges.escalate(text) if language == "en" else self._judges.escalate_foreign(language, text)

    def _plain(self, folded: Folded, language: str) -> Plain | None:
        """The plainest words of need in a language without rules, or in a message too short to tell its language."""
        if language == "en":
            return find_plain_of_any(folded.text) if hardly_english(folded.text) else None
        return find_plain(language, folded.text)

    def _carried(self, folded: Folded, language: str, question: str, history: Sequence[str]) -> Triage | None:
        """An emergency of the turn before, unless this turn says that it is over."""
        if not history or settles(folded.text):
            return None
        before = self._alarm(history[-1], fold(history[-1]), detect_language(history[-1], fold(history[-1]).text), ())
        if before is None:
            return None
        spoken = language if language != "en" or before.language == "en" else before.language
        return replace(before, question=question, span=None, language=spoken, unresolved=True,
                       reason=f"unresolved from the turn before: {before.reason}")  # fmt: skip

    def _without_alarm(self, question: str, folded: Folded, language: str, history: Sequence[str]) -> Triage:
        injection = find_injection(question, folded) or self._suspected_injection(question, folded, language)
        rest = injection.rest if injection and self._asks_in_subject(injection.rest) else ""
        harmful = _harmful(rest or question)
        if harmful:
            return Triage(Action.DECLINE_HARMFUL, f"asks for help to do harm: {harmful.topic}", question, language,
                          topic=harmful.topic)  # fmt: skip
        asked = fold(rest or question).text
        judged = language == "en" and not is_mostly_other(asked) and not intent.asks_dose(asked)
        if judged and self._judges.plans_harm(asked):
            return Triage(Action.DECLINE_HARMFUL, "classifier: asks for help to do harm", question, topic="general")
        if injection is None:
            return self._answerable(question, folded, language, history)
        ignored = f"ignored an instruction ({', '.join(injection.kinds)})"
        if not rest:
            return Triage(Action.DECLINE_INJECTION, ignored, question, language, injection.span)
        plain = fold(rest)
        triage = self._answerable(rest, plain, detect_language(rest, plain.text), history)
        return replace(triage, reason=f"{triage.reason}; {ignored}", span=injection.span)

    def _suspected_injection(self, question: str, folded: Folded, language: str) -> Injection | None:
        """What the classifier takes for instructions; the sentences that it does not are left."""
        if language != "en" or is_mostly_other(folded.text) or not self._judges.instructs(folded.text):
            return None
        left = [sentence for sentence in sentences_of(question) if not self._judges.instructs(fold(sentence).text)]
        return Injection(("classifier",), (0, len(question)), " ".join(left))

    def _asks_in_subject(self, rest: str) -> bool:
        folded = fold(rest)
        return bool(rest) and (detect_language(rest, folded.text) != "en" or intent.in_subject(folded.text))

    def _answerable(self, question: str, folded: Folded, language: str, history: Sequence[str]) -> Triage:
        if language != "en":
            return Triage(Action.SAY_UNKNOWN, "language", question, language)
        text = folded.text
        advice = intent.find_advice(text)
        about_care = advice is not None and advice.topic != "general" and not intent.is_elsewhere(text)
        if not about_care and not self._in_subject(text, history):
            return Triage(Action.DECLINE_OFF_TOPIC, "not about cupping or its close context", question)
        if advice:
            span = folded.source_span(advice.start, advice.end)
            return Triage(Action.ANSWER_WITH_ADVICE_DISCLAIMER, "about a particular person or treatment", question,
                          span=span, topic=advice.topic)  # fmt: skip
        if self._judges.asks_advice(text):
            return Triage(Action.ANSWER_WITH_ADVICE_DISCLAIMER, "classifier: about a particular person", question,
                          topic=intent.topic_of(text))  # fmt: skip
        if intent.is_plain_fact(text):
            return Triage(Action.ANSWER, intent.PLAIN_FACT, question)
        if intent.is_general_health(text):
            return Triage(Action.ANSWER_WITH_DISCLAIMER, "health in general", question)
        return Triage(Action.ANSWER, "plain information", question)

    def _in_subject(self, text: str, history: Sequence[str]) -> bool:
        if intent.in_subject(text):
            return True
        if intent.is_elsewhere(text):
            return False
        if history and intent.is_follow_up(text):
            return any(intent.in_subject(fold(turn).text) for turn in history[-3:])
        return self._judges.in_subject(text)

    def notice(self, triage: Triage, *, evidence: str | None = None, topic_title: str | None = None) -> str:
        """The notice of an answering action; "" for plain facts and for actions whose reply is fixed."""
        if triage.action is Action.ANSWER_WITH_ADVICE_DISCLAIMER:
            return messages.advice_notice(triage.topic, self._country)
        if triage.action is Action.ANSWER_WITH_DISCLAIMER:
            return messages.disclaimer(triage.topic, evidence, topic_title)
        return ""

    def reply(self, triage: Triage) -> str:
        """The whole fixed text of an action that does not answer, in Markdown.

        Raises ValueError for an action that answers: its text comes from the library.
        """
        if triage.action.sends_for_help:
            kind = triage.action.value if triage.action is Action.URGENT else triage.topic
            if triage.unresolved:
                kind = f"{triage.action.value}_again"
            return messages.help_text(kind, triage.language, self._country)
        if triage.action is Action.SAY_UNKNOWN:
            foreign = triage.reason.startswith("language")
            return messages.language_text(triage.language, self._country) if foreign else self.unknown_reply(())
        if triage.action.answers:
            raise ValueError(f"The action {triage.action.value} has no fixed reply; write it from the library.")
        text = messages.decline_text(triage.action.value, triage.topic, self._country)
        return (
            text if triage.language == "en" else f"{messages.language_text(triage.language, self._country)}\n\n{text}"
        )

    def unknown_reply(self, nearest_topics: Sequence[str]) -> str:
        """Says that the library does not say, and names the nearest topics it has."""
        return messages.unknown_text(list(nearest_topics))

    def violations(self, reply: str) -> list[str]:
        """Doses, orders about a treatment, reassurance and diagnoses in a reply; empty where it is fine."""
        return find_violations(reply)


def _all_readings(question: str, folded: Folded) -> Iterator[tuple[Folded, tuple[int, int] | None]]:
    """The text as it stands, then under its disguises and codes (with the span of a code)."""
    yield folded, None
    for reading in readings(folded):
        yield reading, None
    for text, span in decoded(question):
        yield fold(text), span


def _harmful(text: str) -> intent.Finding | None:
    """A request for help to do harm, in any reading of the text."""
    findings = (intent.find_harmful(reading.text) for reading, _ in _all_readings(text, fold(text)))
    return next((found for found in findings if found), None)


_CRISIS_TOPICS = {"harm to a child": "crisis_child", "violence at home": "crisis_violence"}


def _alarm_triage(alarm: Alarm, question: str, language: str, span: tuple[int, int]) -> Triage:
    """An alarm as a triage. The reply is in the language of the question, else of the wording."""
    rules = alarm.language.partition("-")[0]
    spoken = language if language in ("en", "ar", "zh", "es", "ur", "fr") else rules
    topic = _CRISIS_TOPICS.get(alarm.reason, "crisis") if alarm.action is Action.CRISIS else "general"
    return Triage(alarm.action, alarm.reason, question, spoken, span, topic)
