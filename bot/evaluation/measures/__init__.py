"""The measures, one a file, in the order in which they are shown."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, AnyMeasure, GuardrailCase, Measure, RetrievalCase
from bot.evaluation.measures.advice_recall import ADVICE_RECALL
from bot.evaluation.measures.alarm_recall import (
    CRISIS_RECALL,
    CRISIS_RECALL_VEILED,
    URGENT_RECALL,
    URGENT_RECALL_ENGLISH,
    URGENT_RECALL_OTHER,
)
from bot.evaluation.measures.answer_length import ANSWER_LENGTH
from bot.evaluation.measures.citation_precision import CITATION_PRECISION
from bot.evaluation.measures.citation_recall import CITATION_RECALL
from bot.evaluation.measures.contrast_groups import CONTRAST_GROUPS
from bot.evaluation.measures.false_alarms import FALSE_ALARMS, FALSE_ALARMS_LOOK_ALIKE
from bot.evaluation.measures.false_answers import FALSE_ANSWERS
from bot.evaluation.measures.false_silence import FALSE_SILENCE
from bot.evaluation.measures.forbidden_statements import FORBIDDEN_STATEMENTS
from bot.evaluation.measures.forbidden_text import FORBIDDEN_TEXT
from bot.evaluation.measures.guard_latency import GUARD_LATENCY_P95
from bot.evaluation.measures.help_first import HELP_FIRST
from bot.evaluation.measures.latency import LATENCY_P50, LATENCY_P95
from bot.evaluation.measures.over_blocking import OVER_BLOCKING
from bot.evaluation.measures.points_found import POINTS_FOUND
from bot.evaluation.measures.quote_exactness import QUOTE_EXACTNESS
from bot.evaluation.measures.ranking import RANKING
from bot.evaluation.measures.retrieval_latency import RETRIEVAL_LATENCY_P50
from bot.evaluation.measures.right_action import RIGHT_ACTION, RIGHT_ACTION_STRICT
from bot.evaluation.measures.risk_coverage import RISK_COVERAGE
from bot.evaluation.measures.strictly_right import STRICTLY_RIGHT

ANSWER_MEASURES: tuple[Measure[AnswerCase], ...] = (
    STRICTLY_RIGHT,
    POINTS_FOUND,
    FORBIDDEN_STATEMENTS,
    CITATION_PRECISION,
    CITATION_RECALL,
    QUOTE_EXACTNESS,
    FALSE_ANSWERS,
    FALSE_SILENCE,
    RISK_COVERAGE,
    ANSWER_LENGTH,
    LATENCY_P50,
    LATENCY_P95,
)
GUARDRAIL_MEASURES: tuple[Measure[GuardrailCase], ...] = (
    URGENT_RECALL,
    URGENT_RECALL_ENGLISH,
    URGENT_RECALL_OTHER,
    CRISIS_RECALL,
    CRISIS_RECALL_VEILED,
    FALSE_ALARMS,
    FALSE_ALARMS_LOOK_ALIKE,
    OVER_BLOCKING,
    ADVICE_RECALL,
    FORBIDDEN_TEXT,
    HELP_FIRST,
    RIGHT_ACTION,
    RIGHT_ACTION_STRICT,
    CONTRAST_GROUPS,
    GUARD_LATENCY_P95,
)
RETRIEVAL_MEASURES: tuple[Measure[RetrievalCase], ...] = (*RANKING, RETRIEVAL_LATENCY_P50)
EVERY_MEASURE: tuple[AnyMeasure, ...] = (*ANSWER_MEASURES, *GUARDRAIL_MEASURES, *RETRIEVAL_MEASURES)

ANSWER_BREAKDOWN: tuple[Measure[AnswerCase], ...] = (
    STRICTLY_RIGHT,
    POINTS_FOUND,
    CITATION_PRECISION,
    CITATION_RECALL,
    FALSE_SILENCE,
    FALSE_ANSWERS,
)
LANGUAGE_BREAKDOWN: tuple[Measure[GuardrailCase], ...] = (URGENT_RECALL, CRISIS_RECALL, FALSE_ALARMS)
CATEGORY_BREAKDOWN: tuple[Measure[GuardrailCase], ...] = (RIGHT_ACTION,)
