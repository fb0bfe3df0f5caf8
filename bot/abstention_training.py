"""Fits the coefficients of `bot/abstention.py` on the dev questions: `python -m bot.abstention_training`.

Cross-validated by need; the threshold is the confidence that keeps silence on answerable questions at the share
asked for. Writes `bot/data/abstention.json` with the curve, and reads nothing of the test split.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot import abstention, quotes, selection
from bot.evaluation.questions import load_questions
from bot.pipeline import PASSAGES, Pipeline
from bot.rewriting import standalone
from ingest.settings import Settings

MOST_SILENCE = 0.06
"""Share of answerable dev questions that may be met with silence."""
_VECTOR = 10.0
"""What the question's unit vector is multiplied by before the fit, so that the penalty does not drown it."""
_TARGET = Path(__file__).parent / "data" / "abstention.json"


def main() -> None:
    """Fit, report and write."""
    settings = Settings()
    questions = [q for q in load_questions(settings.questions) if q.split == "dev"]
    names, matrix = _measure(Pipeline.open(settings), questions)
    answerable = np.array([question.answerable for question in questions], dtype=int)
    needs = [question.need for question in questions]
    held_out = _held_out(matrix, answerable, needs, len(names))
    threshold = float(np.quantile(held_out[answerable == 1], MOST_SILENCE))
    model = _regression(len(names)).fit(matrix, answerable)
    data = _as_data(model, names, threshold, _curve(held_out, answerable), answerable)
    _TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data["curve"], indent=1))


def _measure(pipeline: Pipeline, questions: list[Any]) -> tuple[list[str], np.ndarray]:
    """Names of the signals, and a row for each question: the signals, then its vector times `_VECTOR`."""
    rows, vectors = [], []
    library, search = pipeline.library, pipeline.searcher
    for question in questions:
        wording = search.reader.read(standalone(question.question, question.history), library)
        vector = search.embedder.embed_query(wording.dense)
        hits = search.passages_for(library, wording, vector, PASSAGES)
        ranked = quotes.candidates(library, hits, wording, vector)
        chosen = selection.choose(ranked, wording)
        embed = search.embedder.embed_words
        vectors.append(_VECTOR * vector)
        rows.append(abstention.signals(wording, library, hits, ranked, chosen, embed, vector))
    names = list(rows[0])
    return names, np.hstack([np.array([[row[name] for name in names] for row in rows]), np.array(vectors)])


def _regression(signals: int) -> Any:
    """Signals, the first columns, are standardised; the vector is left as it is."""
    scaler = make_column_transformer((StandardScaler(), slice(0, signals)), remainder="passthrough")
    return make_pipeline(scaler, LogisticRegression(C=0.03, class_weight="balanced", max_iter=3000))


def _held_out(matrix: np.ndarray, answerable: np.ndarray, needs: list[str], signals: int) -> np.ndarray:
    """Each question's confidence from a model that never saw its need."""
    confidence = np.zeros(len(answerable))
    for train, test in GroupKFold(8).split(matrix, answerable, needs):
        model = _regression(signals).fit(matrix[train], answerable[train])
        confidence[test] = model.predict_proba(matrix[test])[:, 1]
    return confidence


def _curve(confidence: np.ndarray, answerable: np.ndarray) -> list[dict[str, float]]:
    points = []
    for silence in (0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15):
        threshold = float(np.quantile(confidence[answerable == 1], silence))
        false_answers = float((confidence[answerable == 0] >= threshold).mean())
        points.append({"silence": silence, "threshold": round(threshold, 3), "false_answers": round(false_answers, 3)})
    return points


def _as_data(
    model: Any, names: list[str], threshold: float, curve: list[dict[str, float]], answerable: np.ndarray
) -> dict[str, Any]:
    scaler, regression = model[0].transformers_[0][1], model[-1]
    weights, question = np.split(regression.coef_[0], [len(names)])

    def rounded(values: np.ndarray) -> dict[str, float]:
        return {name: round(float(value), 5) for name, value in zip(names, values, strict=True)}

    return {
        "fitted_on": f"{len(answerable)} dev questions, {int((answerable == 0).sum())} of them unanswerable",
        "fitted_at": datetime.now(UTC).date().isoformat(),
        "threshold": round(threshold, 4),
        "intercept": round(float(regression.intercept_[0]), 5),
        "weights": rounded(weights),
        "means": rounded(scaler.mean_),
        "scales": rounded(scaler.scale_),
        "question": [round(float(weight * _VECTOR), 4) for weight in question],
        "curve": curve,
    }


if __name__ == "__main__":
    main()
