"""Training from labelled lines to written coefficients, on a small made-up vector space."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.guardrail.classifier import EmergencyClassifier, Vectors
from bot.guardrail.labelled_lines import Label, LabelledLine, contrast_groups, read_lines
from bot.guardrail.training import main

LABELS = list(Label)


def embed_by_label(texts: list[str]) -> Vectors:
    """A vector that leans towards the label named in the text, with noise fixed by the text."""
    noise = np.array([np.random.default_rng(list(text.encode())).normal(0, 0.25, 12) for text in texts])
    for row, text in zip(noise, texts, strict=True):
        row[LABELS.index(Label(text.split()[0]))] += 1.0
    vectors: Vectors = (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)
    return vectors


@pytest.fixture
def lines_file(tmp_path: Path) -> Path:
    lines = [
        {"text": f"{label} {number}", "label": label, "group": f"{label}-{number % 12}", "source_twin": None}
        for label in LABELS
        for number in range(48)
    ]
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def nothing(folder: Path) -> Path:
    """A file without independent lines."""
    (folder / "independent.jsonl").touch()
    return folder / "independent.jsonl"


def test_written_coefficients_tell_emergencies_apart(lines_file: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "model.json", tmp_path / "report.json"
    arguments = ["--lines", str(lines_file), "--independent", str(nothing(tmp_path)), "--out", str(out)]
    arguments += ["--report", str(report)]
    assert main(arguments, embed_by_label) == 0
    vectors = embed_by_label(["urgent new", "crisis new", "in_scope new", "off_topic new"])
    actions = [action for action, _ in EmergencyClassifier.load(out).judge(vectors)]
    assert actions == ["urgent", "crisis", None, None]
    assert json.loads(report.read_text(encoding="utf-8"))["emergencies"]["false_alarms_ordinary"]["share"] <= 0.01


def test_training_twice_writes_the_same_file(lines_file: Path, tmp_path: Path) -> None:
    written = []
    for name in ("first.json", "second.json"):
        arguments = ["--lines", str(lines_file), "--independent", str(nothing(tmp_path))]
        arguments += ["--out", str(tmp_path / name), "--report", str(tmp_path / "r.json")]
        main(arguments, embed_by_label)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_a_pair_known_by_its_name_stays_in_one_fold() -> None:
    lines = [
        LabelledLine("he won't come round", Label.URGENT, "fainted", "tw-fainted"),
        LabelledLine("he came round at once, last year", Label.LOOK_ALIKE, "fainted-once", "tw-fainted"),
        LabelledLine("what is a cup", Label.IN_SCOPE, "words"),
    ]
    first, second, other = contrast_groups(lines)
    assert first == second != other


def test_twins_stay_in_one_fold() -> None:
    lines = [
        LabelledLine("mum's face has dropped", Label.URGENT, "stroke", "stroke-calm"),
        LabelledLine("what is a stroke", Label.LOOK_ALIKE, "stroke-calm", "stroke"),
        LabelledLine("what is a cup", Label.IN_SCOPE, "words"),
    ]
    first, second, other = contrast_groups(lines)
    assert first == second != other


def test_a_line_with_an_unknown_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"text": "a", "label": "urgnt", "group": "g", "source_twin": null}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"lines\.jsonl, line 1.*urgnt"):
        read_lines(path)


def test_a_twin_that_is_no_group_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"text": "a", "label": "urgent", "group": "g", "source_twin": "h"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="twin h"):
        read_lines(path)
