"""Killing what is at work on files, before each of its operations on them in turn."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_KILLED: Final = 9

_OPERATIONS: Final = {
    "open",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "shutil.copyfile",
    "sqlite3.connect",
}


def finishes_before(step: int, work: Callable[[], object], folder: Path) -> bool:
    """Work in a copy of this process, which is killed before its operation of this number on files in a folder.

    Returns:
        whether the work was finished before that; it cannot see what else this process does meanwhile.
    """
    child = os.fork()
    if child == 0:
        _work_until_killed(step, work, folder)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, _KILLED)
    return status == 0


def _work_until_killed(step: int, work: Callable[[], object], folder: Path) -> None:
    left = step

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _OPERATIONS and (event != "open" or str(folder) in str(arguments[0])):
            left -= 1
            if left < 0:
                os._exit(_KILLED)

    try:
        sys.addaudithook(count)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
