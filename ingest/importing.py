"""Imports large packages sooner: no search for garbage meanwhile, and nothing that a question never calls."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


@contextmanager
def uncollected() -> Iterator[None]:
    """Within the block no garbage is looked for: an import makes a million objects, and nearly all of them stay.

    What is there at its end is left out of later searches, too.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


@contextmanager
def put_off(*modules: str) -> Iterator[None]:
    """Within the block, a function imported from one of the modules imports it when it is called, not before.

    For modules that a package takes functions from (not classes) that may never be called. Afterwards they are
    imported as any others; those imported before are left as they are.
    """
    stand_ins = {name: _StandIn(name) for name in modules if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _StandIn(ModuleType):
    """A module whose every name is a function that imports the real one."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__name__

        def called(*values: Any, **named: Any) -> Any:
            return getattr(import_module(module), name)(*values, **named)

        return called
