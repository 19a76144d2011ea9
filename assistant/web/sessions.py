"""The answers that are being made: one a conversation at a time, each of which can be stopped from elsewhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from assistant.answers.answer import Language
from assistant.llm.cancellation import CancelToken
from assistant.web.state import Choices, Turns


@dataclass(slots=True, eq=False)
class Run:
    """A question that is being answered.

    Attributes:
        question: as typed.
        language: of the page, which a member may change meanwhile.
        choices: where to look.
        alone: the question has nothing to do with those before it.
        turns: the conversation so far.
        cleared: the member has begun anew, so that nothing more of it may be shown.
        cancel_token: ends it early.
        elsewhere: it is, or will not be, answered by who answered the run before it.
        settled: set when that is known.
    """

    question: str
    language: Language
    choices: Choices = field(default_factory=dict)
    alone: bool = False
    turns: Turns = ()
    cleared: bool = False
    cancel_token: CancelToken = field(default_factory=CancelToken)
    elsewhere: bool = False
    settled: threading.Event = field(default_factory=threading.Event)

    def follow(self, former: Run) -> None:
        """Go on where another ended, in the language that the page has by now."""
        self.language = former.language
        self.turns = () if former.cleared else tuple(turn for turn in former.turns if turn.answered)

    def settle(self, elsewhere: bool) -> None:
        """Let who waits for its turn go on."""
        self.elsewhere = elsewhere
        self.settled.set()


class Runs:
    """Which question is being answered in which conversation, and which comes after it.

    Safe to use from several threads at once. Who begins the first run of a conversation takes the next ones as well, until
    there are none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._next: dict[str, Run] = {}

    def of(self, session: str) -> Run | None:
        """Return the run of a conversation, None when nothing is being answered."""
        return self._runs.get(session)

    def stop(self, session: str, *, cleared: bool = False) -> None:
        """Stop what is being answered, if anything is, and drop what waits for it.

        Args:
            session: the conversation.
            cleared: the member begins anew.
        """
        with self._lock:
            run, waiting = self._runs.get(session), self._next.pop(session, None)
            if run:
                run.cleared = run.cleared or cleared
        if waiting:
            waiting.settle(elsewhere=True)
        if run:
            run.cancel_token.cancel()

    def speak(self, session: str, language: Language) -> bool:
        """Go on in another language; true when anything is being answered."""
        with self._lock:
            run = self._runs.get(session)
            if run:
                run.language = language
        return run is not None

    def begin(self, session: str, run: Run) -> bool:
        """Begin a run; true when it is for the caller to answer.

        When it is not the only one of its conversation, the one before it is stopped, and who answers that takes this one,
        unless another is asked after it, or gives up and leaves it to the caller.
        """
        with self._lock:
            former = self._runs.setdefault(session, run)
            if former is run:
                return True
            passed, self._next[session] = self._next.get(session), run
        if passed:
            passed.settle(elsewhere=True)
        former.cancel_token.cancel()
        run.settled.wait()
        return not run.elsewhere

    def take(self, session: str) -> Run | None:
        """Take the next run, which goes on where the one that has just ended did; None when there is none."""
        run = self._succeed(session)[1]
        if run:
            run.settle(elsewhere=True)
        return run

    def give_up(self, session: str) -> None:
        """Answer nothing more, amid a run of one's own: its page may be gone. Who waits for a turn gets it."""
        run, waiting = self._succeed(session)
        run.cancel_token.cancel()
        if waiting:
            waiting.settle(elsewhere=False)

    def _succeed(self, session: str) -> tuple[Run, Run | None]:
        """Put the next run of a conversation in the place of its run; return both."""
        with self._lock:
            former, run = self._runs.pop(session), self._next.pop(session, None)
            if run:
                run.follow(former)
                self._runs[session] = run
        return former, run
