"""Labelled passages as examples to train a reader with, hard negatives among them."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evidence.reading import reading_context
from eval.datasets.labelled import read_passages
from ingest.language.sentences import line_sentence_spans
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder
from vectorstore.models.reading import ReadingTask


@dataclass(frozen=True, slots=True)
class ReadingExample:
    """A question and a passage.

    Attributes:
        document: the passage is of.
        question: as it is asked.
        task: the passage.
        answers: of each sentence, whether it answers the question.
    """

    document: str
    question: str
    task: ReadingTask
    answers: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage of a file of labelled passages, cut into sentences."""

    document: str
    archive: str
    task: ReadingTask
    asked: tuple[tuple[str, tuple[bool, ...]], ...]

    @property
    def text(self) -> str:
        """Return the passage as it is embedded."""
        return "\n".join([self.task.context, *self.task.sentences])


def read_labelled(paths: Sequence[Path]) -> list[LabelledPassage]:
    """Return the passages of files, those of one council in one archive.

    Raises:
        WrongUse: a file has no labelled passages.
    """
    return [_passage(path.stem, passage) for path in paths for passage in read_passages(path)]


def examples_of(passages: Sequence[LabelledPassage]) -> list[ReadingExample]:
    """Return an example for each question that was labelled with a passage."""
    return [
        ReadingExample(passage.document, question, passage.task, answers)
        for passage in passages
        for question, answers in passage.asked
    ]


def mined_negatives(
    passages: Sequence[LabelledPassage], embedder: Embedder, chance: random.Random
) -> list[ReadingExample]:
    """Return passages that are near a question and do not answer it, one for each question that another answers.

    Half of them are of the same letter, the others of all letters of the same council, the nearest more often: what a
    search finds beside the passage that answers.
    """
    vectors = embedder.embed_passages([passage.text for passage in passages])
    of_document, of_archive = _groups(passages, "document"), _groups(passages, "archive")
    answering = defaultdict[str, set[int]](set)
    for number, passage in enumerate(passages):
        for question, answers in passage.asked:
            if any(answers):
                answering[question].add(number)
    mined = []
    for question, right in answering.items():
        home = passages[min(right)]
        group = (of_document[home.document], of_archive[home.archive])[chance.random() < 0.5]
        others = [number for number in group if number not in right]
        if others:
            nearness = vectors[others] @ embedder.embed_query(question)
            ranked = [others[int(place)] for place in np.argsort(-nearness)]
            chosen = passages[ranked[min(int(chance.expovariate(0.5)), len(ranked) - 1)]]
            mined.append(ReadingExample(home.document, question, chosen.task, (False,) * len(chosen.task.sentences)))
    return mined


def _groups(passages: Sequence[LabelledPassage], name: str) -> Mapping[str, list[int]]:
    groups = defaultdict[str, list[int]](list)
    for number, passage in enumerate(passages):
        groups[getattr(passage, name)].append(number)
    return groups


def _passage(name: str, passage: Mapping[str, Any]) -> LabelledPassage:
    context, text = passage["context"], passage["text"]
    spans = list(line_sentence_spans(text))
    sentences = tuple(text[start:end].strip() for start, end in spans)
    asked = tuple(
        (each["question"], tuple(_answer_marks(text, spans, each["answer"]))) for each in passage["questions"]
    )
    task = ReadingTask(
        reading_context(_voice(passage["speaker"]), _day(context["date"]), context["subject"]), sentences
    )
    return LabelledPassage(f"{name}/{passage['document']}", f"{name}/{context['body']}", task, asked)


def _voice(speaker: str) -> Voice:
    return Voice(speaker) if speaker in list(Voice) else Voice.OTHER


def _day(date: str | None) -> dt.date | None:
    return dt.date.fromisoformat(date) if date else None


def _answer_marks(text: str, spans: Iterable[tuple[int, int]], answers: Sequence[str]) -> Iterator[bool]:
    """Yield for each sentence whether it has a good part of what was marked as the answer."""
    marked = list[tuple[int, int]]()
    for answer in answers:
        start = text.find(answer)
        if start >= 0:
            marked.append((start, start + len(answer)))
    for start, end in spans:
        common = max((min(end, stop) - max(start, begin) for begin, stop in marked), default=0)
        yield common > (end - start) / 2
