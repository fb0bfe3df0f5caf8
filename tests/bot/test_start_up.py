"""What a question imports, and what it leaves to those who need it."""

from __future__ import annotations

import subprocess
import sys

from ingest.importing import put_off
from ingest.settings import Settings

PUT_OFF = (
    "sklearn",
    "pandas",
    "scipy.optimize",
    "scipy.stats",
    "datasets",
    "langchain",
    "langchain_core",
    "gradio",
)


def _printed(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_a_question_imports_no_more_than_it_needs(library_settings: Settings) -> None:
    arguments = ["cupwise", "ask", "What is cupping?", "--data", str(library_settings.data)]
    printed = _printed(
        f"import sys; sys.argv = {arguments!r}\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('imported:', [name for name in {PUT_OFF!r} if name in sys.modules])\n"
        "print('model' if 'sentence_transformers' in sys.modules else 'no model')\n"
    )
    assert "[1]" in printed and printed.endswith("imported: []\nmodel\n")


def test_what_was_put_off_works_when_it_is_needed() -> None:
    printed = _printed(
        "import sys, torch\n"
        "from ingest.embedder import Embedder\n"
        "Embedder().embed_query('cupping')\n"
        "assert 'sklearn' not in sys.modules\n"
        "from sentence_transformers.util import manhattan_sim\n"
        "ones = torch.ones(1, 3).to_sparse()\n"
        "print(manhattan_sim(ones, ones * 2).item())\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "from sklearn.metrics import pairwise\n"
        "from scipy.optimize import minimize\n"
        "print(LogisticRegression().fit([[0.0], [1.0]], [0, 1]).predict([[2.0]])[0])\n"
        "print(minimize(lambda x: (x - 3) ** 2, 0.0).success, pairwise.__name__)\n"
    )
    assert printed == "-3.0\n1\nTrue sklearn.metrics.pairwise\n"


def test_a_module_that_is_there_is_left_alone() -> None:
    import json

    with put_off("json"):
        from json import loads
    assert loads is json.loads


def test_a_module_that_is_put_off_is_imported_at_the_first_call() -> None:
    printed = _printed(
        "import sys\n"
        "from ingest.importing import put_off\n"
        "with put_off('colorsys'):\n"
        "    from colorsys import rgb_to_hsv\n"
        "print('colorsys' in sys.modules, rgb_to_hsv(1, 0, 0), 'colorsys' in sys.modules)\n"
    )
    assert printed == "False (0.0, 1.0, 1) True\n"
