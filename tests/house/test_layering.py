"""The rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "ingest").rglob("*.py")])


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_ingest_never_imports_bot() -> None:
    guilty = [
        f for f in MODULES if f.is_relative_to(ROOT / "ingest") and any(m.split(".")[0] == "bot" for m in _imports(f))
    ]
    assert not guilty


def test_chromadb_stays_in_one_module() -> None:
    assert [f.name for f in MODULES if any(m.split(".")[0] == "chromadb" for m in _imports(f))] == ["vectors.py"]


def test_gradio_stays_under_bot_web() -> None:
    guilty = [f for f in MODULES if any(m.split(".")[0] == "gradio" for m in _imports(f))]
    assert guilty and all(f.is_relative_to(ROOT / "bot" / "web") for f in guilty)


def test_no_room_without_a_name() -> None:
    assert not [f for f in MODULES if f.stem in ("utils", "helpers", "common", "misc", "manager")]


def test_every_target_in_the_readme_is_in_the_makefile() -> None:
    named = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"chat", "test"} <= named <= targets


def test_every_command_in_the_readme_exists() -> None:
    from bot.cli.app import app

    known = {command.name for command in app.registered_commands}
    named = set(re.findall(r"`?cupwise ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= known


def test_make_help_lists_the_targets() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {target}" in shown for target in ("chat", "test", "lint", "evaluate", "bench"))


@pytest.mark.parametrize("file", MODULES, ids=lambda f: str(f.relative_to(ROOT)))
def test_public_functions_say_what_they_do(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    homes = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    silent = [
        node.name
        for home in homes
        for node in home.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
        if (node.end_lineno or 0) - node.lineno >= 8
    ]
    assert not silent
