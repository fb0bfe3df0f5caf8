"""Fits the map of `bot/metric.py` on the wordings of the published index: `python -m bot.metric_training`.

Each wording must find its own section among all, by the others of it (InfoNCE, van den Oord et al. 2018, over classes
as in neighbourhood components analysis, Goldberger et al. 2005). Prints how many dev questions meet the right document
first, before and after; nothing is fitted on them. Writes `bot/data/metric.npz`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from bot.also_asked import AlsoAsked, Section
from bot.evaluation.questions import load_questions
from bot.library import Library
from bot.metric import unit
from bot.pipeline import Pipeline
from bot.rewriting import standalone
from ingest.settings import Settings

TEMPERATURE = 0.07
TO_IDENTITY = 0.01
"""What the squared distance of the map from the identity costs."""
_STEPS, _BATCH, _RATE, _DROPPED = 300, 768, 2e-3, 0.1
_TARGET = Path(__file__).parent / "data" / "metric.npz"


def main() -> None:
    """Fit, report and write."""
    pipeline = Pipeline.open(Settings())
    library = pipeline.library
    sections, vectors = library.wording_vectors()
    matrix = fit(sections, unit(vectors - library.centre))
    for name, tried in (("before", None), ("after", matrix)):
        print(f"{name}: {_right_first(pipeline, library, sections, vectors, tried):.3f} of the dev questions")
    np.savez_compressed(_TARGET, model=np.array(library.manifest.embedding), matrix=matrix.astype(np.float16))


def fit(sections: list[Section], vectors: np.ndarray) -> np.ndarray:
    """The map for wordings, (n, dimension), of these sections; float32 (dimension, dimension)."""
    torch.manual_seed(0)
    numbers = {section: number for number, section in enumerate(dict.fromkeys(sections))}
    labels = torch.tensor([numbers[section] for section in sections])
    members = functional.one_hot(labels, len(numbers)).float()
    points, identity = torch.tensor(vectors), torch.eye(vectors.shape[1])
    matrix = torch.nn.Parameter(identity.clone())
    optimizer = torch.optim.Adam([matrix], lr=_RATE)
    for _ in range(_STEPS):
        picked = torch.randperm(len(points))[:_BATCH]
        turned = functional.normalize(functional.dropout(points, _DROPPED) @ matrix, dim=1)
        alike = (turned[picked] @ turned.T) / TEMPERATURE
        alike[torch.arange(len(picked)), picked] = -torch.inf  # a wording may not find itself
        shares = torch.softmax(alike, dim=1) @ members
        own = shares.gather(1, labels[picked][:, None]).clamp_min(1e-12)
        loss = -own.log().mean() + TO_IDENTITY * ((matrix - identity) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return np.asarray(matrix.detach().numpy(), dtype=np.float32)


def _right_first(
    pipeline: Pipeline, library: Library, sections: list[Section], vectors: np.ndarray, matrix: np.ndarray | None
) -> float:
    """Share of the answerable dev questions whose nearest wording stands in a document that supports the answer."""
    asked = AlsoAsked.of(sections, vectors, library.centre, {}, matrix)
    right = []
    for question in load_questions(Settings().questions, "dev"):
        if question.answerable:
            wording = pipeline.searcher.reader.read(standalone(question.question, question.history), library)
            near = asked.likeness(pipeline.searcher.embedder.embed_query(wording.dense))
            right.append(max(near, key=lambda section: near[section])[0] in question.documents)
    return float(np.mean(right))


if __name__ == "__main__":
    main()
