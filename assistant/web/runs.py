"""The answers that are being made: one a conversation at a time, each of which can be stopped from elsewhere."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.answers import Language
from assistant.stopping import Stop
from assistant.web.shown import Turns


@dataclass(slots=True, eq=False)
class Run:
    """A question that is being answered.

    Attributes:
        question: as typed.
        language: of the page, which a member may change meanwhile.
        turns: the conversation so far; to be read by others once the run has ended.
        cleared: the member has begun anew, so that nothing more of it may be shown.
        stop: ends it early.
        ended: set when nothing more of it will be shown.
    """

    question: str
    language: Language
    turns: Turns = ()
    cleared: bool = False
    stop: Stop = field(default_factory=Stop)
    ended: threading.Event = field(default_factory=threading.Event)


class Runs:
    """Which question is being answered in which conversation. Safe to use from several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}

    def of(self, session: str) -> Run | None:
        """The run of a conversation, None when nothing is being answered."""
        return self._runs.get(session)

    def stop(self, session: str) -> None:
        """Stop what is being answered, if anything is."""
        if run := self.of(session):
            run.stop.wish()

    @contextlib.contextmanager
    def only(self, session: str, run: Run) -> Iterator[None]:
        """Make a run the only one of its conversation while the context lasts.

        The one before it is stopped and waited for; then the turns are those it ended with.
        """
        with self._lock:
            former, self._runs[session] = self._runs.get(session), run
        try:
            if former:
                former.stop.wish()
                former.ended.wait()
                run.turns = () if former.cleared else former.turns
            yield
        finally:
            self._end(session, run)

    def _end(self, session: str, run: Run) -> None:
        run.stop.wish()
        with self._lock:
            if self._runs.get(session) is run:
                del self._runs[session]
        run.ended.set()
