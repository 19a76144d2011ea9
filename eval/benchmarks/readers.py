"""Readers of a running chat, each with one question after another: `python -m eval.benchmarks.readers ADDRESS …`.

A process of its own beside the chat, so that neither waits for the other; it prints one JSON object, a `Seen`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import httpx
import psutil

from eval.benchmarks.chat_page import AskOutcome, BrokenEventError, PageEvents, Visit, outcome_of
from eval.datasets.questions import load_questions

CONVERSATION: Final = 5
"""Questions in one page before another is opened."""

_BREATH: Final = 0.5
"""Seconds that a reader waits after an error: a chat that is gone need not be asked a thousand times a second."""

_WORD: Final = re.compile(r"[^\W\d_]{5,}")


@dataclass
class Seen:
    """What readers saw, and what it cost.

    Attributes:
        answers: seconds from each question until its answer was whole.
        refreshes: seconds of what follows each answer.
        openings: seconds until each page was there with all that it asks for.
        outcomes: how many questions came to which `AskOutcome`.
        errors: how often what went wrong.
        seconds: from the first question to the end of the last answer.
        server_cpu: seconds of processor time of the chat, with its helpers.
        client_cpu: the same of this process.
        received: bytes.
        memory: megabytes of the chat, with its helpers, after the numbers of answers that were asked for, and at the end.
    """

    answers: list[float] = field(default_factory=list)
    refreshes: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    server_cpu: float = 0.0
    client_cpu: float = 0.0
    received: int = 0
    memory: list[float] = field(default_factory=list)


def varied_questions(file: Path, seed: int) -> Iterator[str]:
    """Ask endlessly, always something else: questions of a file, a word of each exchanged for one of another.

    The same file and seed give the same questions.
    """
    known = [each.question for each in load_questions(file).questions if each.answerable and not each.history]
    return _varied([question for question in known if _WORD.search(question)], seed)


def _varied(known: Sequence[str], seed: int) -> Iterator[str]:
    vocabulary: dict[int, list[str]] = {}
    for word in sorted({word for question in known for word in _WORD.findall(question)}):
        vocabulary.setdefault(len(word), []).append(word)
    for number in count():
        chance = random.Random(f"{seed} {number}")
        question = chance.choice(known)
        word = chance.choice(list(_WORD.finditer(question)))
        yield question[: word.start()] + chance.choice(vocabulary[len(word[0])]) + question[word.end() :]


class Readers:
    """Readers of one chat, without a thought between an answer and the next question.

    Args:
        client: its base address is that of the chat.
        events: of the page.
        questions: shared by all, so that none is asked twice.
        server: process of the chat.
        seconds: until no question is asked any more; those that were are waited for.
        most: number of questions after which none is asked any more.
        marks: numbers of answers after which memory is looked at.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        events: PageEvents,
        questions: Iterator[str],
        server: psutil.Process,
        seconds: float,
        most: int,
        marks: tuple[int, ...] = (),
    ) -> None:
        self._client = client
        self._events = events
        self._questions = questions
        self._server = server
        self._seconds = seconds
        self._ends = float("inf")
        self._left = most
        self._marks = marks
        self._seen = Seen()
        self._awaited = 0
        self._all_here = asyncio.Event()
        self._began = self._own = self._spent = 0.0

    async def run(self, readers: int) -> Seen:
        """Read with so many at once, who begin when all have a page before them, and return what they saw."""
        self._awaited = readers
        await asyncio.gather(*(self._read() for _ in range(readers)))
        seen = self._seen
        seen.seconds = time.perf_counter() - self._began
        seen.client_cpu = time.process_time() - self._own
        seen.server_cpu = _processor_time(self._server) - self._spent
        seen.memory.append(_megabytes(self._server))
        return seen

    async def _read(self) -> None:
        arrived = False
        while not arrived or self._goes_on():
            visit = Visit(self._client)
            try:
                async with visit.stay():
                    self._seen.openings.append(await _timed(self._open(visit)))
                    if not arrived:
                        arrived = True
                        await self._arrive()
                    await self._converse(visit)
            except (BrokenEventError, httpx.HTTPError, TimeoutError) as error:
                self._seen.errors[f"{type(error).__name__}: {error}"[:160]] += 1
                if not arrived:
                    arrived = True
                    await self._arrive()
                await asyncio.sleep(_BREATH)
            finally:
                self._seen.received += visit.received

    async def _arrive(self) -> None:
        """Wait for the others; the last one starts the clock. Who found no page arrives too, or all would wait for ever."""
        self._awaited -= 1
        if not self._awaited:
            self._began, self._own = time.perf_counter(), time.process_time()
            self._spent = _processor_time(self._server)
            self._ends = self._began + self._seconds
            self._all_here.set()
        await self._all_here.wait()

    def _goes_on(self) -> bool:
        return self._left > 0 and time.perf_counter() < self._ends

    async def _converse(self, visit: Visit) -> None:
        """Ask some questions in a page."""
        for _ in range(CONVERSATION):
            if not self._goes_on():
                break
            self._left -= 1
            self._seen.answers.append(await _timed(self._ask(visit, next(self._questions))))
            if self._events.follow:
                self._seen.refreshes.append(await _timed(self._refresh(visit)))
            if len(self._seen.answers) in self._marks:
                self._seen.memory.append(_megabytes(self._server))

    async def _open(self, visit: Visit) -> None:
        await visit.page()
        for event in self._events.load:
            await visit.run(event)

    async def _ask(self, visit: Visit, question: str) -> None:
        outcome = outcome_of(await visit.run(self._events.ask, question))
        if outcome is AskOutcome.FAILED:
            raise BrokenEventError("the chat says that it could not answer")
        self._seen.outcomes[outcome.name.lower()] += 1

    async def _refresh(self, visit: Visit) -> None:
        for event in self._events.follow:
            await visit.run(event)


async def _timed(doing: Awaitable[None]) -> float:
    began = time.perf_counter()
    await doing
    return time.perf_counter() - began


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _processor_time(process: psutil.Process) -> float:
    times = [each.cpu_times() for each in _family(process)]
    return float(sum(each.user + each.system for each in times))


def _megabytes(process: psutil.Process) -> float:
    return float(sum(each.memory_info().rss for each in _family(process))) / 1e6


async def read(options: argparse.Namespace) -> Seen:
    """Read as the arguments say; what is asked first, to have all loaded, is not counted."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=options.address, limits=limits, timeout=None) as client:
        events = PageEvents.of(await Visit(client).page())
        questions, server = varied_questions(options.questions, options.seed), psutil.Process(options.server)
        if options.first:
            await Readers(client, events, questions, server, options.seconds, options.first).run(1)
        readers = Readers(client, events, questions, server, options.seconds, options.most, tuple(options.marks))
        return await readers.run(options.readers)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="readers of a running chat")
    parser.add_argument("address", help="of the chat")
    parser.add_argument("--server", type=int, required=True, help="process number of the chat")
    parser.add_argument("--questions", type=Path, required=True, help="question file that theirs are made of")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--most", type=int, default=10**9, help="questions, of all of them together")
    parser.add_argument("--marks", type=int, nargs="*", default=[], help="numbers of answers to look at memory after")
    parser.add_argument("--first", type=int, default=20, help="questions asked before anything is counted")
    parser.add_argument("--seed", type=int, default=0, help="another gives other questions")
    return parser.parse_args()


if __name__ == "__main__":
    print(json.dumps(vars(asyncio.run(read(_options())))))
