"""Inspection of an archive: everything that was published against its hashes and against Chroma, and a sample of answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.answers.answer import Answer, Language
from assistant.assistant import Assistant
from ingest.job.publication import load_dense
from ingest.job.rebuilding import folders_aside
from prompts.wording import message
from vectorstore.errors import ArchiveError
from vectorstore.indexes.dense import normalise
from vectorstore.letters import embedded_text
from vectorstore.models.embedder import Embedder
from vectorstore.published.generation import DamagedGeneration, NoGeneration, latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.store.store import Store

_EMBEDDED_AGAIN: Final = 50
"""Passages whose vectors are computed again, drawn from all."""

_ALIKE: Final = 0.999
"""Least cosine similarity of a stored vector and the same one computed again: batches differ in the last digits."""

_CLOSE: Final = 1e-4
_QUESTIONS: Final = 5
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with an archive.

    Attributes:
        what: is wrong, in words.
        remedy: what mends it.
    """

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of an inspection.

    Attributes:
        data: folder of the archive.
        letters, passages: how many were looked at.
        quotations: how many quotations of answers were compared with their letters.
        problems: what is wrong.
        remarks: what is not wrong, and to be known.
    """

    data: Path
    letters: int
    passages: int
    quotations: int
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Check whether nothing is wrong."""
        return not self.problems

    def json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        values = asdict(self) | {"data": str(self.data), "whole": self.whole}
        return values | {"problems": list(values["problems"]), "remarks": list(self.remarks)}


def inspect_published(data: Path) -> tuple[PublishedLetters | None, list[Problem]]:
    """Check the hash of every published file; return the letters, if they can be read, and what is wrong."""
    try:
        return PublishedLetters(latest(data)), []
    except NoGeneration:
        return None, [_problem("nothing_published")]
    except DamagedGeneration as error:
        return None, [_problem("published_damaged", problem=error)]


def inspect_store(store: Store, published: PublishedLetters, embedder: Embedder | None) -> list[Problem]:
    """Compare what was published with Chroma: files, letters, offsets and vectors.

    Args:
        store: the archive in Chroma.
        published: what readers read of it.
        embedder: the model of the vectors; None where it is not the one that is set.
    """
    problems: list[Problem] = []
    if (store.revision, store.fingerprint) != (published.revision, published.fingerprint):
        problems.append(_problem("published_behind"))
    if dict(store.records) != published.records or dict(store.cards) != published.cards:
        problems.append(_problem("records_differ"))
    problems += [_problem("letter_differs", source=source) for source in _differing_letters(store, published)]
    problems += _inspect_vectors(store, published, embedder)
    if store.stray_count():
        problems.append(_problem("stray_passages", count=store.stray_count()))
    return problems


def _differing_letters(store: Store, published: PublishedLetters) -> Iterator[str]:
    """Yield the sources of letters that are not the same in both, with their passages."""
    names = sorted(store.versions().keys() & published.versions().keys())
    for first in range(0, len(names), _BATCH):
        batch = names[first : first + _BATCH]
        pairs = zip(store.letters(batch), published.letters(batch), strict=True)
        differing = {one.id for one, other in pairs if one != other}
        for name in batch:
            if name in differing or store.passages_of([name]) != published.passages_of([name]):
                yield store.cards[name].source


def _inspect_vectors(store: Store, published: PublishedLetters, embedder: Embedder | None) -> list[Problem]:
    """Compare the vectors in Chroma with those that were published, and some with the model."""
    dense = load_dense(published.generation)
    names = [passage.id for passage in store.passages_of(sorted(store.versions()))]
    wrong = 0
    for first in range(0, len(names), _BATCH):
        batch = names[first : first + _BATCH]
        held = store.vectors(batch)
        for name in batch:
            vector, other = held.get(name), dense.vector(name)
            if vector is None or other is None or not np.allclose(normalise(vector[None])[0], other, atol=_CLOSE):
                wrong += 1
    problems = [_problem("vectors_differ", count=wrong)] if wrong else []
    sample = random.Random(0).sample(names, min(_EMBEDDED_AGAIN, len(names)))
    if embedder is not None and sample and not wrong:
        passages = store.passages(sample)
        again = normalise(embedder.embed_passages([embedded_text(passages[name]) for name in sample]))
        stored = normalise(np.stack([store.vectors(sample)[name] for name in sample]))
        strange = int((np.sum(again * stored, axis=1) < _ALIKE).sum())
        problems += [_problem("vectors_strange", count=strange)] if strange else []
    return problems


def inspect_answers(assistant: Assistant, store: Store) -> tuple[int, list[Problem]]:
    """Ask a few questions; return how many quotations were compared with Chroma's letters, and what is wrong."""
    compared, problems = 0, list[Problem]()
    for question in assistant.examples(Language.DUTCH, _QUESTIONS):
        result = assistant.ask(question)
        for citation in result.citations if isinstance(result, Answer) else ():
            compared += 1
            text = store.letter(citation.letter.id).text
            if text[citation.start : citation.end] != citation.quote:
                problems.append(_problem("quotation_differs", source=citation.letter.source))
    return compared, problems


def remarks_on(data: Path) -> tuple[str, ...]:
    """Return what is to be known of the folder of an archive."""
    return tuple(message("aside", folder=folder)[0] for folder in folders_aside(data))


def problem_of(error: ArchiveError) -> Problem:
    """Return an error as a problem of the archive."""
    return Problem(error.problem, error.remedy)


def _problem(phrase: str, **variables: object) -> Problem:
    return Problem(*message(f"verify_{phrase}", **variables))
