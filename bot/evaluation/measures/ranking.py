"""Whether supporting documents are found, and how high. Computed by ir-measures, over distinct documents.

Names and definitions are ir-measures': Success@k and R@k (set measures at a cutoff), RR@10 (Kantor & Voorhees 2000),
nDCG@10 (Järvelin & Kekäläinen 2002). A query without results scores 0 by each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.evaluation.measure import Measure, Observation, RetrievalCase, Unit


def _observe(name: str) -> Callable[[Iterable[RetrievalCase]], list[Observation]]:
    def observe(cases: Iterable[RetrievalCase]) -> list[Observation]:
        return [Observation(case.id, case.cluster, case.values[name]) for case in cases]

    return observe


def _ranking(name: str, key: str, title: str, definition: str, unit: Unit = "gain") -> Measure[RetrievalCase]:
    definition = f"{definition} A query without results scores 0. ir-measures: {key}."
    return Measure(name, title, definition, "higher", _observe(key), unit)


SUCCESS_AT_5 = _ranking(
    "success_at_5",
    "Success@5",
    "recall@5 of a supporting document",
    "Share of queries with a supporting document among the first 5.",
    "share",
)
RECALL_AT_5 = _ranking(
    "recall_at_5", "R@5", "recall@5 of all supporting documents", "Mean share of supporting documents in the first 5."
)
RECALL_AT_10 = _ranking(
    "recall_at_10",
    "R@10",
    "recall@10 of all supporting documents",
    "Mean share of supporting documents in the first 10.",
)
MRR_AT_10 = _ranking(
    "mrr_at_10",
    "RR@10",
    "MRR@10",
    "Mean reciprocal rank of the first supporting document, 0 beyond rank 10 (Kantor & Voorhees 2000).",
)
NDCG_AT_10 = _ranking(
    "ndcg_at_10",
    "nDCG@10",
    "nDCG@10",
    "Normalised discounted cumulative gain of the first 10 (Järvelin & Kekäläinen 2002).",
)
RANKING = (SUCCESS_AT_5, RECALL_AT_5, RECALL_AT_10, MRR_AT_10, NDCG_AT_10)
