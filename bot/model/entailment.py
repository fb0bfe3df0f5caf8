"""An optional second opinion: a natural-language-inference cross-encoder, named by the setting `nli_model`."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.errors import ModelSettingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderEntailment:
    """Whether a premise entails a claim. The model is loaded at first use."""

    def __init__(self, name: str) -> None:
        """`name`: a local folder or hub name of a cross-encoder with labels for entailment and contradiction."""
        self._name = name
        self._model: CrossEncoder | None = None
        self._label = 0
        self._lock = Lock()

    def ready(self) -> CrossEncoderEntailment:
        """Itself, loaded. Raises ModelSettingError where the model can't be used."""
        self._loaded()
        return self

    def entails(self, premise: str, claim: str) -> bool:
        """True where entailment is the likeliest label. Raises ModelSettingError where the model can't be used."""
        scores: Any = self._loaded().predict([(premise, claim)], show_progress_bar=False)
        return int(scores[0].argmax()) == self._label

    def _loaded(self) -> CrossEncoder:
        with self._lock:
            if self._model is None:
                self._model, self._label = _load(self._name)
            return self._model


def _load(name: str) -> tuple[CrossEncoder, int]:
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise ModelSettingError(
            f"The model of CUPWISE_NLI_MODEL, '{name}', can't be loaded ({error}). Name another one, or unset it."
        ) from error
    labels = {str(label).lower(): int(index) for index, label in model.config.id2label.items()}
    if "entailment" not in labels or len(labels) < 2:
        raise ModelSettingError(
            f"The model of CUPWISE_NLI_MODEL, '{name}', has the labels {', '.join(sorted(labels))}; one must be "
            "'entailment'. Name a natural-language-inference cross-encoder, or unset it."
        )
    return model, labels["entailment"]
