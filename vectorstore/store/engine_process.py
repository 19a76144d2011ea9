"""Chroma in a process of its own: damaged files may crash its bindings, and a crash of that process can be told.

    python -m vectorstore.store.engine_process

The process serves one folder at a time, over its standard input and output, and holds the lock of the folder meanwhile,
so that no two processes ever have one folder open. It ends with the process that started it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, Final

import filelock

from vectorstore.store.engine import (
    OWNER_LOCK,
    BusyEngine,
    CrashedEngine,
    Engine,
    EngineError,
    KilledEngine,
    Location,
)

_LOCK_SECONDS: Final = 5.0
"""How long to wait for the lock: the process of a killed writer needs a moment to end."""

_CLOSE_SECONDS: Final = 30.0
_END_SECONDS: Final = 2.0
_KILLED: Final = 9

_LEAST_MEMORY: Final = 4 << 30
_MEMORY_FOR_A_BYTE: Final = 10
"""Bytes of address space that the process may take, in all and for each byte of the folder."""

_CLEAN_MEMORY: Final = {
    "MALLOC_PERTURB_": "85",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
    "MallocPreScribble": "1",
}
"""Environment in which memory is filled when it is given out (glibc, macOS): Chroma writes parts of it to its files that
it never filled, with words of whatever letter was there. glibc does not fill what a thread's own cache gives out, so that
cache is off."""


def open_process(location: Location) -> EngineProcess:
    """Open the Chroma in a folder, in another process; all who open the same folder from here share it while it lives.

    Raises:
        BusyEngine: another program has the folder open.
        EngineError: Chroma cannot open it.
    """
    with _registry:
        key = location.data.resolve()
        if key not in _open or _open[key].has_ended:
            _open[key] = EngineProcess(key, location)
        _open[key].users += 1
        return _open[key]


class EngineProcess:
    """Chroma in another process. Safe for use by several threads.

    Attributes:
        users: how many have it open.

    Args:
        key: it is registered by.
        location: of an archive in a folder.
    """

    def __init__(self, key: Path, location: Location) -> None:
        self.users = 0
        self._key = key
        self._lock = threading.Lock()
        self._process = _idle.pop() if _idle else _launch()
        try:
            self.call("open", location)
        except BaseException:
            _retire(self._process)
            raise

    def call(self, method: str, *arguments: Any, **named: Any) -> Any:
        """Let the other process do something, and return its result.

        Raises:
            CrashedEngine: the process died.
            EngineError: what Chroma says.
        """
        with self._lock:
            try:
                assert self._process.stdin is not None
                assert self._process.stdout is not None
                pickle.dump((method, arguments, named), self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
                fine, result = pickle.load(self._process.stdout)
            except (OSError, EOFError, pickle.UnpicklingError, ValueError):
                raise self._end() from None
            except BaseException:  # the answer is still to come, and would be taken for that to the next call
                self._process.kill()
                self._process.wait()
                raise
        if fine:
            return result
        raise result

    @property
    def has_ended(self) -> bool:
        """Check whether the process died."""
        return self._process.poll() is not None

    def _end(self) -> EngineError:
        """Return the error that tells how the process ended: killed from outside, or by what it read."""
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        else:
            if code == -_KILLED:
                return KilledEngine("Chroma werd afgebroken")
        return CrashedEngine(f"Chroma liep vast, {'signaal' if code < 0 else 'code'} {abs(code)}")

    def close(self) -> None:
        """Close the folder when nobody in this process uses it any more."""
        with _registry:
            self.users -= 1
            if self.users != 0:
                return
            if _open.get(self._key) is self:
                del _open[self._key]
            try:
                self.call("close")
            except EngineError:
                _retire(self._process)
            else:
                _idle.append(self._process)


_registry = threading.RLock()
_open: dict[Path, EngineProcess] = {}
_idle: list[subprocess.Popen[bytes]] = []


def _launch() -> subprocess.Popen[bytes]:
    """Start a process that waits for a folder to open; Ctrl-C is for its parent."""
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    windows: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where the bindings print their panics, which the caller is told in words
        env=os.environ | {"PYTHONPATH": paths} | _CLEAN_MEMORY,
        start_new_session=os.name != "nt",
        creationflags=windows,
    )


def _retire(process: subprocess.Popen[bytes]) -> None:
    """End a process: without its standard input it stops by itself."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    try:
        process.wait(_CLOSE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@atexit.register
def _retire_all() -> None:
    with _registry:
        for process in [*_idle, *(engine._process for engine in _open.values())]:
            _retire(process)
        _idle.clear()
        _open.clear()


class _Server:
    """What the process does: one folder at a time."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._lock: filelock.BaseFileLock | None = None

    def serve(self, requests: BinaryIO, replies: BinaryIO) -> None:
        """Do what is asked until nobody asks any more."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                method, arguments, named = pickle.load(requests)
                pickle.dump(self._reply(method, arguments, named), replies, pickle.HIGHEST_PROTOCOL)
                replies.flush()
        self._reply("close", (), {})

    def _reply(self, method: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[bool, Any]:
        """Return whether it went well, and the result or the error."""
        try:
            if method == "open":
                self._open_folder(*arguments)
            elif method == "close":
                self._close_folder()
            elif self._engine is not None:
                return True, self._engine.call(method, *arguments, **named)
        except Exception as error:
            return False, error if isinstance(error, (EngineError, OSError)) else EngineError(repr(error))
        return True, None

    def _open_folder(self, location: Location) -> None:
        from vectorstore.store.chroma import Chroma  # slow to import, and only needed here

        self._lock = _hold(location)
        _limit_memory(location.folder)
        try:
            self._engine = Chroma(location)
        except BaseException:
            self._lock.release()
            raise

    def _close_folder(self) -> None:
        engine, lock, self._engine, self._lock = self._engine, self._lock, None, None
        if engine is not None:
            engine.close()
        if lock is not None:
            lock.release()


def _limit_memory(folder: Path) -> None:
    """Limit the address space of this process by the size of the files: a damaged one may ask for any amount of memory."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_LEAST_MEMORY + _MEMORY_FOR_A_BYTE * size, hard))


def _hold(location: Location) -> filelock.BaseFileLock:
    """Become the one process that has the folder of an archive open."""
    location.data.mkdir(parents=True, exist_ok=True)
    if not os.access(location.data, os.W_OK):
        raise PermissionError(f"no permission to write in {location.data}")
    lock = filelock.FileLock(location.data / OWNER_LOCK, timeout=_LOCK_SECONDS)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BusyEngine(f"{location.data} is open elsewhere") from None
    return lock


def _main() -> None:
    """Serve over standard input and output; whatever else is printed is lost."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    _Server().serve(requests, replies)
    os._exit(0)


if __name__ == "__main__":
    _main()
