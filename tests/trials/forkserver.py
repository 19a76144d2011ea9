"""Runs commands of the program, each in a fresh process, without paying for its imports each time.

python -P tests/trials/forkserver.py

reads requests from standard input, one JSON object a line (`arguments`, `environment`, `seconds`), and answers each with a
line (`code`, negative for a signal, None when it did not end in time; `out`; `err`). It is run with the code of whichever
version is to be tried on the path, and imports nothing of these tests. A process that crashes is a child of its own.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from typing import Any

IMPORTED = (
    "assistant.assistant", "assistant.answers.serialisation", "assistant.cli.catalogue", "assistant.cli.commands",
    "assistant.cli.output", "assistant.composition", "assistant.quoting.engine", "chromadb.api.rust", "numpy", "tantivy",
)  # fmt: skip
"""What commands that read need; one that a version lacks is left out. Importing these starts no thread."""


def serve() -> None:
    """Answer requests until there are no more."""
    for name in IMPORTED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    requests, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in requests:
        print(json.dumps(_answer(json.loads(line))), file=answers, flush=True)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _become(request, out.fileno(), err.fileno())
        code = _wait(child, float(request["seconds"]))
        streams = []
        for stream in (out, err):
            stream.seek(0)
            streams.append(stream.read().decode(errors="replace"))
    return {"code": code, "out": streams[0], "err": streams[1]}


def _wait(child: int, seconds: float) -> int | None:
    """Wait until a process ends, and kill it when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _become(request: dict[str, Any], out: int, err: int) -> None:
    """Run a command as the process that this one has just become, and end as a program ends."""
    code = 1
    try:
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.environ.update(request["environment"])
        from assistant.cli.commands import run

        code = run(request["arguments"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
