"""A search for better weights, over BEIR folders and the development parts of question files. Writes nothing.

One weight at a time is tried at several multiples of what it is, all others kept, until none gets better (coordinate
ascent). Weights matter only when a question is asked, so letters are ingested once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings
from eval.datasets import beir
from eval.datasets.corpus import Corpus, temporary_store
from eval.datasets.questions import Part, load_questions
from eval.metrics.ranking import ranking_scores
from eval.metrics.scores import score_search
from eval.runs.answers import passage_json
from eval.runs.retrieval import documents_found, index
from eval.systems.config import Config
from ingest.job.job import Ingest
from ingest.passages import Sizes
from vectorstore.models.embedder import Embedder, Vectors
from vectorstore.search import Archive
from vectorstore.store.store import Store

MULTIPLES = (0.0, 0.25, 0.5, 0.75, 1.5, 2.0, 3.0)
MEASURES = ("nDCG@10", "recall@5")
_ROUNDS = 3
_LEAST_GAIN = 0.0005
"""A smaller gain is no reason to move a weight."""


Figures = dict[str, dict[str, float]]
"""Means of the measures, by set."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A configuration and what it gives."""

    config: Config
    figures: Figures

    @property
    def worth(self) -> float:
        """Return what is made as high as possible: the mean of nDCG@10 over the sets."""
        return float(np.mean([figures["nDCG@10"] for figures in self.figures.values()]))


class RememberingEmbedder:
    """An embedder that makes the vector of a question once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the embedder."""
        return self._embedder.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (texts, dimension)."""
        return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return unit vector of shape (dimension,)."""
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        return self._known[text]


Measured = Callable[[Config], Figures]


@contextlib.contextmanager
def prepare(
    folders: Sequence[Path],
    question_files: Sequence[tuple[Path, Path]],
    settings: Settings,
    embedder: Embedder,
    sizes: Sizes = Sizes(),
    part: Part | None = Part.DEVELOPMENT,
) -> Iterator[Measured]:
    """Ingest everything once; gives what measures a configuration.

    Args:
        folders: BEIR folders.
        question_files: folders of letters, each with its question file.
        settings: of the temporary archives.
        embedder: makes the vectors.
        sizes: how long passages may be.
        part: of the question files that have parts; None for all questions.
    """
    embedder = RememberingEmbedder(embedder)
    with contextlib.ExitStack() as stack:
        sets: dict[str, tuple[Store, Callable[[Archive], dict[str, dict[str, float]]]]] = {}
        for path in folders:
            store = stack.enter_context(temporary_store(settings, embedder))
            folder = beir.load_beir(path)
            index(folder, store, embedder, sizes)
            sets[folder.name] = (store, _folder_scores(folder))
        for letters, path in question_files:
            store = stack.enter_context(temporary_store(settings, embedder))
            Ingest(store, embedder, sizes).run([letters])
            sets[path.name] = (store, _question_scores(path, part, Corpus.of(store)))

        def measured(config: Config) -> Figures:
            figures = {}
            for name, (store, scores_with) in sets.items():
                scores = scores_with(config.archive(store, embedder)).values()
                figures[name] = {m: float(np.mean([own[m] for own in scores])) for m in MEASURES}
            return figures

        yield measured


def _folder_scores(folder: beir.BeirFolder) -> Callable[[Archive], dict[str, dict[str, float]]]:
    def scores(archive: Archive) -> dict[str, dict[str, float]]:
        found = {identifier: documents_found(archive, text) for identifier, text in folder.queries.items()}
        return ranking_scores(found, folder.relevant)

    return scores


def _question_scores(path: Path, part: Part | None, corpus: Corpus) -> Callable[[Archive], dict[str, dict[str, float]]]:
    chosen = [question for question in load_questions(path).questions if part is None or question.part in (part, None)]

    def scores(archive: Archive) -> dict[str, dict[str, float]]:
        assistant = Assistant(archive)
        return score_search(chosen, corpus, lambda text: [passage_json(hit.passage) for hit in assistant.search(text)])

    return scores


def ascend(measured: Measured, start: Config = Config(), *, seen: Callable[[Attempt], None]) -> Attempt:
    """Find the best setting that moving one weight at a time finds.

    Args:
        measured: gives the figures of a configuration.
        start: where to begin.
        seen: told of every step that made it better, the start included.
    """
    best = Attempt(start, measured(start))
    seen(best)
    for _ in range(_ROUNDS):
        before = best
        for name in start.values():
            value = best.config.values()[name] or 0.1
            configs = [best.config.having(name, round(value * multiple, 4)) for multiple in MULTIPLES]
            tried = max((Attempt(config, measured(config)) for config in configs), key=lambda attempt: attempt.worth)
            if tried.worth > best.worth + _LEAST_GAIN:
                best = tried
                seen(best)
        if best is before:
            break
    return best


def row(attempt: Attempt) -> list[str]:
    """Return an attempt as a row of a table."""
    figures = [f"{value:.4f}" for means in attempt.figures.values() for value in means.values()]
    return [f"{attempt.worth:.4f}", *(f"{value:g}" for value in attempt.config.values().values()), *figures]


def header(attempt: Attempt) -> list[str]:
    """Return the names above such rows."""
    figures = [f"{name} {measure}" for name, means in attempt.figures.items() for measure in means]
    return ["worth", *attempt.config.values(), *figures]
