"""Rankings of documents, and what ir-measures says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, R, Success, nDCG

_MEASURES = (Success @ 5, R @ 5, R @ 10, RR @ 10, nDCG @ 10)

Ranking = tuple[tuple[str, float], ...]
"""Document ids and scores, best first."""


@dataclass(frozen=True)
class Query:
    """A query and the documents that support it, with their grades. Queries that share a cluster are alike."""

    id: str
    cluster: str
    text: str
    relevant: dict[str, int]


def evaluate_rankings(queries: Sequence[Query], rankings: Mapping[str, Ranking]) -> dict[str, dict[str, float]]:
    """Query id to measure name to value; queries without results get each measure's default, 0.

    ir-measures sorts a run by score and breaks ties by id, so ranks are handed over as scores.
    """
    qrels = [
        ir_measures.Qrel(query.id, document, grade) for query in queries for document, grade in query.relevant.items()
    ]
    run = [
        ir_measures.ScoredDoc(identifier, document, float(-rank))
        for identifier, ranking in rankings.items()
        for rank, (document, _) in enumerate(ranking)
    ]
    values = {query.id: {str(measure): 0.0 for measure in _MEASURES} for query in queries}
    for metric in ir_measures.iter_calc(_MEASURES, qrels, run):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values
