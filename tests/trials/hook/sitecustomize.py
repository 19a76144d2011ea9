"""Kills a program at a chosen write of Chroma: a folder with this module is put on the path of its processes.

`RAADSGEHEUGEN_TRIALS_KILL` says when: "before 3" or "after 3", the third call that changes something in the Chroma of this
process; and whom: "all" for the whole session of processes, "self" for the process that writes. With
`RAADSGEHEUGEN_TRIALS_WRITES` the calls are written to that file, a line each.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

_MODULE = "chromadb.api.rust"
_WRITES = ("create_collection", "delete_collection", "_modify", "_add", "_update", "_upsert", "_delete")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one module whose writes are counted, and lets its own loader load it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != _MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec and spec.loader:
            load = spec.loader.exec_module

            def load_and_count(module: ModuleType) -> None:
                load(module)
                _count_writes(module)

            spec.loader.exec_module = load_and_count  # type: ignore[method-assign]
        return spec


def _count_writes(module: ModuleType) -> None:
    when, _, rest = os.environ.get("RAADSGEHEUGEN_TRIALS_KILL", "").partition(" ")
    number, _, whom = rest.partition(" ")
    log = os.environ.get("RAADSGEHEUGEN_TRIALS_WRITES")
    made = 0

    def counted(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal made
            made += 1
            if log:
                with open(log, "a", encoding="utf-8") as file:
                    print(name, file=file)
            if when == "before" and made == int(number):
                _kill(whom)
            result = write(*arguments, **named)
            if when == "after" and made == int(number):
                _kill(whom)
            return result

        return call

    for name in _WRITES:
        setattr(module.RustBindingsAPI, name, counted(name, getattr(module.RustBindingsAPI, name)))


def _kill(whom: str) -> None:
    if whom == "self":
        os.kill(os.getpid(), signal.SIGKILL)
    os.killpg(0, signal.SIGKILL)


sys.meta_path.insert(0, _Finder())
