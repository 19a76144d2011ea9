"""What the commands print: the one way out, where nothing in a name or a letter can steer the terminal.

Names of files and the words of letters are anyone's. A character in them that would move the cursor, colour, ring,
break a line or turn the direction of writing is shown as Python writes it, `\\x1b` or `\\n`, and has no effect. JSON has
escapes of its own for them; a manifest that goes to a file holds them as they are.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from prompts.wording import message
from vectorstore.errors import ArchiveError

_STEERING = r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
"""Control characters, separators of lines, what turns the direction of writing, and halves of characters."""

_IN_LINE = re.compile(_STEERING)
_IN_LINES = re.compile(rf"(?![\n\t]){_STEERING}")


class ReaderGone(Exception):
    """Nobody reads standard output any more: `| head` has seen enough."""


def disarm(text: str, *, lines: bool = False) -> str:
    """Write out the characters of a text that would steer a terminal.

    Args:
        text: may come from anyone.
        lines: it may have several lines, and tabs.
    """
    return (_IN_LINES if lines else _IN_LINE).sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def print_line(text: str = "", file: TextIO | None = None) -> None:
    """Print one line, whatever is in it.

    Args:
        text: of the line.
        file: where to print it; standard output when None.

    Raises:
        ReaderGone: nobody reads it.
        ArchiveError: it cannot be written.
    """
    _write(disarm(text) + "\n", file)


def print_text(text: str, file: TextIO | None = None, *, end: str = "\n") -> None:
    """Print a text of several lines.

    Args:
        text: its lines are the program's own, or may be anyone's.
        file: where to print it; standard output when None.
        end: printed after it.

    Raises:
        ReaderGone: nobody reads it.
        ArchiveError: it cannot be written.
    """
    _write(disarm(text, lines=True) + end, file)


def print_json(value: dict[str, Any]) -> None:
    """Print JSON on standard output, in ASCII where that cannot hold all characters.

    Raises:
        ReaderGone: nobody reads it.
        ArchiveError: it cannot be written.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    text = _IN_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    _write((text if _holds(sys.stdout, text) else json.dumps(value, indent=2)) + "\n")


def print_file(text: str) -> None:
    """Print on standard output what is meant for a file: as it is, in UTF-8; visibly where a terminal shows it.

    Args:
        text: of the file, each line ended as on Windows.

    Raises:
        ReaderGone: nobody reads it.
        ArchiveError: it cannot be written.
    """
    if sys.stdout and sys.stdout.isatty():
        for line in text.removesuffix("\r\n").split("\r\n"):
            print_line(line)
        return
    with _output() as stream:
        stream.buffer.write(text.encode())


def _holds(stream: TextIO | None, text: str) -> bool:
    """Check whether a stream has all characters of a text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _write(text: str, file: TextIO | None = None) -> None:
    with _output(file) as stream:
        stream.write(text)


@contextlib.contextmanager
def _output(file: TextIO | None = None) -> Iterator[TextIO]:
    """Give a stream to write to, standard output when None; what was written has left the program at the end."""
    stream = sys.stdout if file is None else file
    if stream is None:
        raise ArchiveError(*message("output_closed"))
    try:
        yield stream
        stream.flush()
    except BrokenPipeError as error:
        _abandon(stream)
        raise ReaderGone from error
    except OSError as error:
        _abandon(stream)
        raise ArchiveError(*message("output_unwritable", reason=error.strerror)) from error


def _abandon(stream: TextIO) -> None:
    """Let go what a stream still holds: Python would try to write it once more at its end, and fail aloud."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


class LogLines(logging.Formatter):
    """One line for each message of a log, and the lines of a traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Write the line of a message."""
        return disarm(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        """Write the lines of a traceback."""
        return disarm(super().formatException(ei), lines=True)


class _Forgiving(io.TextIOWrapper):
    """A stream that loses what it cannot write: a full disk or a reader that left is no reason to stop working."""

    def write(self, text: str, /) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def prepare_streams() -> None:
    """Make the standard streams of this process fit for use, whatever they are.

    A character that a stream does not have is printed as "?", and standard error never fails: messages, logs and the
    progress bar go there. A stream that is closed leads nowhere from now on; its number would else go to the next
    file that is opened, one of the archive perhaps, together with all that is written to the stream.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    encoding = sys.stderr.encoding if sys.stderr else "utf-8"
    sys.stderr = _Forgiving(os.fdopen(2, "wb", closefd=False), encoding, "replace", line_buffering=True)
