"""What the load bench runs with any version of the program: `python -P eval/benchmarks/any_version.py WHAT ARGUMENT…`.

Run as a file, with the version to measure in PYTHONPATH, it imports that version alone; it prints one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

_JOINED = 2
"""Sample letters in one: about four passages. The many letters are what the page of the chat lists."""

_TIMES = 5


def fill_archive(archive: str, data: str, passages: str) -> dict[str, float]:
    """Make an archive of about this many passages with the stage of that name, of shorter letters than it makes."""
    from eval.benchmarks import stages

    with patch.object(stages, "_JOINED", _JOINED):
        return stages.fill(archive, data, passages)


def letters(data: str) -> dict[str, float]:
    """Time the list of letters of an archive that has just been opened, and again, in milliseconds.

    A version without a table of cards lists the letters themselves.
    """
    from assistant.composition import open_assistant
    from assistant.settings import Settings

    assistant = open_assistant(Settings.from_environment(os.environ).with_data(Path(data)))
    milliseconds = []
    for _ in range(1 + _TIMES):
        began = time.perf_counter()
        listed = getattr(assistant, "cards", assistant.letters)()
        milliseconds.append((time.perf_counter() - began) * 1000)
    return {"letters": len(listed), "first": milliseconds[0], "later": statistics.median(milliseconds[1:])}


_WHAT: Mapping[str, Callable[..., dict[str, float]]] = {"fill": fill_archive, "letters": letters}

if __name__ == "__main__":
    print(json.dumps(_WHAT[sys.argv[1]](*sys.argv[2:])))
