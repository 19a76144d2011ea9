"""What it takes to have an answer written and verified, beside the time that the model itself takes.

    python -m tests.bench_written

A scripted model quotes the passages that it is given, a few words at a time, over HTTP and through the real client, for
questions over the sample archive. Nobody waits on a model here: all that is measured is ours.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from assistant.answers.answer import Answer, Progress
from assistant.assistant import Assistant
from assistant.composition import open_archive, open_embedder, open_store, open_writer
from assistant.settings import Settings
from ingest.job.job import Ingest
from tests.chat_server import MODEL, Reply, Request, chat_server
from tests.honest_model import honest

SAMPLE = Path("eval/sample")
QUESTIONS = 40
DELAY = 0.02
"""Seconds between two pieces of the model: some fifty tokens a second."""


@dataclass
class Clock:
    """When the model was asked, and when it wrote what."""

    asked: float = 0.0
    pieces: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)

    def script(self, request: Request) -> Reply:
        self.asked, self.pieces, self.ends = time.perf_counter(), [], []
        reply = honest(request)
        assert reply.stream is not None
        return replace(reply, stream=replace(reply.stream, deltas=self._timed(reply.stream.deltas)))

    def _timed(self, deltas: Sequence[Any]) -> Iterator[Any]:
        written = ""
        for delta in deltas:
            time.sleep(DELAY)
            written += delta["content"]
            self.pieces.append(time.perf_counter())
            self.ends += [self.pieces[-1]] * (written.count("]}") - len(self.ends))
            yield delta


@dataclass
class Figures:
    """Seconds: until the model is asked, from its first piece to the first words on the page, from the end of each statement until it is shown."""

    before: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    verified: list[float] = field(default_factory=list)


def ask(assistant: Assistant, clock: Clock, question: str, figures: Figures) -> None:
    began = time.perf_counter()
    statements, begun = 0, False
    for each in assistant.stream(question):
        now = time.perf_counter()
        if isinstance(each, Progress) and each.begun and not begun:
            begun = True
            figures.first.append(now - clock.pieces[0])
        if isinstance(each, Progress) and len(each.statements) > statements:
            figures.shown += [now - end for end in clock.ends[statements : len(each.statements)]]
            statements = len(each.statements)
    if begun:
        figures.before.append(clock.asked - began)


def timed(assistant: Assistant, figures: Figures) -> None:
    """Keep what each verification takes."""
    assert assistant._generation is not None
    verify = assistant._generation.verifier.verified

    def verified(*arguments: Any) -> Any:
        began = time.perf_counter()
        judged = verify(*arguments)
        figures.verified.append((time.perf_counter() - began) / len(judged))
        return judged

    assistant._generation.verifier.verified = verified  # type: ignore[method-assign]


def main() -> None:
    """Print the figures."""
    asked = yaml.safe_load((SAMPLE / "questions.yaml").read_text(encoding="utf-8"))["questions"]
    questions = [one["question"] for one in asked if one.get("part") == "dev" and one.get("answerable", True)]
    embedder, clock, figures = open_embedder(Settings()), Clock(), Figures()
    with tempfile.TemporaryDirectory() as data, chat_server(clock.script) as server:
        store = open_store(Settings(data=Path(data)), embedder)
        Ingest(store, embedder).run([SAMPLE / "archive"])
        settings = Settings(chat_model=MODEL, chat_url=server.url)
        archive = open_archive(store, embedder)
        assistant = Assistant(archive, writer=open_writer(settings))
        assert isinstance(assistant.ask(questions[0]), Answer)
        timed(assistant, figures)
        for question in questions[1 : QUESTIONS + 1]:
            ask(assistant, clock, question, figures)
        store.close()
    for name, seconds in vars(figures).items():
        ordered = sorted(1000 * second for second in seconds)
        p95 = ordered[round(0.95 * (len(ordered) - 1))]
        print(f"{name:<10} n={len(ordered):<4} p50 {statistics.median(ordered):7.1f} ms   p95 {p95:7.1f} ms")


if __name__ == "__main__":
    main()
