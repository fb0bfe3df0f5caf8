"""The trained classifiers, as far as they are there.

None overrules what a rule knows as a whole. The embedding model is asked about English only; other languages have
classifiers of their own over parts of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from bot.domain import Action
from bot.guardrail.classifier import (
    COEFFICIENTS,
    AdviceClassifier,
    EmergencyClassifier,
    RefusalClassifier,
    ScopeClassifier,
)
from bot.guardrail.ngrams import NgramJudge

Embed = Callable[[list[str]], np.ndarray]
_WORDS_AT_ONCE = 60
_STEP = 40
_MOST_REFUSED = 8
"""Windows of a text that the classifiers of refusals still read."""


class Judges:
    """Emergency, subject and advice classifiers over what the embedding model makes of the text's windows."""

    def __init__(
        self,
        embed: Embed | None = None,
        emergency: EmergencyClassifier | None = None,
        scope: ScopeClassifier | None = None,
        advice: AdviceClassifier | None = None,
        refusals: RefusalClassifier | None = None,
        foreign: NgramJudge | None = None,
    ) -> None:
        self._embed, self._foreign = embed, foreign or NgramJudge({})
        self._emergency, self._scope, self._advice, self._refusals = emergency, scope, advice, refusals

    @classmethod
    def load(cls, embed: Embed | None) -> Judges:
        """The classifiers whose coefficients are in the package; none without an embedding."""
        if embed is None or not COEFFICIENTS.exists():
            return cls()
        return cls(
            embed,
            EmergencyClassifier.load(),
            ScopeClassifier.load(),
            AdviceClassifier.load(),
            RefusalClassifier.load(),
            NgramJudge.load(),
        )

    def escalate(self, text: str) -> Action | None:
        """URGENT or CRISIS where some window of the English text calls for it."""
        if self._embed is None or self._emergency is None or not text.strip():
            return None
        judged = [action for action, _ in self._emergency.judge(self._vectors(text)) if action is not None]
        return Action.CRISIS if Action.CRISIS in judged else judged[0] if judged else None

    def escalate_foreign(self, language: str, text: str) -> Action | None:
        """URGENT or CRISIS where words of a text in another language call for it."""
        return self._foreign.escalate(language, text)

    def bears_out(self, rules: str, text: str) -> bool:
        """Whether signs added up by the rules of a language count in this text."""
        return self._foreign.bears_out(rules, text)

    def in_subject(self, text: str) -> bool:
        """Without a classifier, a text with none of the subject's words is out of it."""
        if self._embed is None or self._scope is None:
            return False
        return bool(self._scope.judge(self._vectors(text)).max() >= self._scope.threshold)

    def asks_advice(self, text: str) -> bool:
        if self._embed is None or self._advice is None:
            return False
        return bool(self._advice.judge(self._vectors(text)).max() >= self._advice.threshold)

    def plans_harm(self, text: str) -> bool:
        """Whether some window of the English text asks for help to do harm."""
        if self._embed is None or self._refusals is None or not self._short(text):
            return False
        return bool(self._refusals.plans_harm(self._vectors(text)).any())

    def instructs(self, text: str) -> bool:
        """Whether some window of the English text gives the machine instructions."""
        if self._embed is None or self._refusals is None or not self._short(text):
            return False
        return bool(self._refusals.instructs(self._vectors(text)).any())

    @staticmethod
    def _short(text: str) -> bool:
        """Of very many windows one would be refused by chance; a long text is left to the rules."""
        return bool(text.strip()) and len(_windows(text)) <= _MOST_REFUSED

    def _vectors(self, text: str) -> np.ndarray:
        """(windows, width): the model sees only its first tokens, so a long text is read in windows."""
        assert self._embed is not None
        return self._embed(_windows(text))


def _windows(text: str) -> list[str]:
    words = re.findall(r"\S+", text)
    if len(words) <= _WORDS_AT_ONCE:
        return [" ".join(words)]
    return [" ".join(words[i : i + _WORDS_AT_ONCE]) for i in range(0, len(words) - _WORDS_AT_ONCE + _STEP, _STEP)]
