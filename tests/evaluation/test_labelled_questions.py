"""Reading labelled questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import Action
from bot.errors import QuestionFileError
from bot.evaluation.questions import load_prompts, load_questions, spread

ENTRY = """
- id: {id}
  split: dev
  need: marks
  kind: number
  style: plain
  question: How long?
  history: []
  action: [answer]
  points: [["{point}"]]
  forbidden: []
  documents: [marks]
"""


def _write(folder: Path, *entries: str) -> Path:
    (folder / "answers.yaml").write_text("".join(entries), encoding="utf-8")
    return folder


def test_a_sample_is_spread_evenly_and_always_the_same(tmp_path: Path) -> None:
    every = load_questions(_write(tmp_path, *(ENTRY.format(id=f"q{i}", point="x") for i in range(10))))
    assert [q.id for q in spread(every, 4)] == ["q0", "q2", "q5", "q7"]
    assert spread(every, 4) == spread(every, 4)
    assert spread(every, 11) == spread(every, None) == every


def test_split_selects_questions(tmp_path: Path) -> None:
    other = ENTRY.format(id="b", point="y").replace("split: dev", "split: test")
    folder = _write(tmp_path, ENTRY.format(id="a", point="x"), other)
    assert [q.id for q in load_questions(folder, "dev")] == ["a"]
    assert [q.id for q in load_questions(folder, "test")] == ["b"]
    assert [q.action for q in load_questions(folder)] == [(Action.ANSWER,)] * 2


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([ENTRY.format(id="a", point="x"), ENTRY.format(id="a", point="y")], "used more than once"),
        ([ENTRY.format(id="a", point="re:(")], "no regular expression"),
        ([ENTRY.format(id="a", point="re:x*")], "matches everything"),
        ([ENTRY.format(id="a", point="")], "matches everything"),
        ([ENTRY.format(id="a", point="x").replace("[answer]", "[anwser]")], "action"),
        ([ENTRY.format(id="a", point="x").replace("forbidden:", "forbiden:")], "forbidden"),
        (["- id: [unclosed"], "not valid YAML"),
    ],
)
def test_faulty_file_is_named_with_its_fault(tmp_path: Path, entries: list[str], says: str) -> None:
    with pytest.raises(QuestionFileError, match=says) as caught:
        load_questions(_write(tmp_path, *entries))
    assert str(tmp_path) in str(caught.value)


def test_folder_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="no labelled questions"):
        load_questions(tmp_path)


def test_shipped_needs_and_scenarios_stay_within_one_split() -> None:
    """A need whose wordings stood in both splits would leak what was fitted on one into the other."""
    folder = Path(__file__).parents[2] / "corpus" / "questions"
    places: dict[str, set[str]] = {}
    for question in load_questions(folder):
        places.setdefault(f"need {question.need}", set()).add(question.split)
    for prompt in load_prompts(folder):
        places.setdefault(f"scenario {prompt.group}", set()).add(prompt.split)
    assert [name for name, splits in places.items() if len(splits) > 1] == []


def test_shipped_questions_can_be_scored() -> None:
    questions = load_questions(Path(__file__).parents[2] / "corpus" / "questions")
    assert [q.id for q in questions if q.answerable and not (q.points and q.documents)] == []
    assert [q.id for q in questions if not q.answerable and Action.SAY_UNKNOWN not in q.action] == []
