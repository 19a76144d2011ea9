"""What search, choice of sentences and refusal weigh, fitted to questions whose answering words are known.

Three things for each model of meaning: the fusion of search by words and by meaning (the best of a grid), the weights that score
sentences (`assistant.evidence.sentence_scoring`) and those that tell whether an archive answers at all
(`assistant.refusal.sufficiency`), both logistic regressions of scikit-learn. Only questions that may be tuned on count.

How well that does is told by nested cross-validation: of each fold everything is fitted again, the fusion too, to the questions
of the others; questions on one letter are in one fold.
"""

from __future__ import annotations

import contextlib
import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.assistant import Assistant
from assistant.composition import open_archive
from assistant.evidence.fitted import Fitted, Weights, fitted_to
from assistant.evidence.sentence_scoring import FEATURES as OF_SENTENCE
from assistant.query.language import Wording
from assistant.refusal.injection import without_orders
from assistant.refusal.scope import find_outside
from assistant.refusal.sufficiency import FEATURES as OF_QUESTION
from assistant.refusal.sufficiency import Considered, measured
from assistant.settings import Settings
from eval.datasets.corpus import Corpus, open_ingested
from eval.datasets.questions import ExpectedAnswer, Part, load_questions
from eval.tuning.tune import RememberingEmbedder
from vectorstore.errors import WrongUse
from vectorstore.models.embedder import Embedder
from vectorstore.models.reader import READ, Reader, Reading
from vectorstore.models.reading import ReadingTask
from vectorstore.search import Found, Fusion, Query
from vectorstore.store.store import Store

Table = npt.NDArray[np.float64]
Asked = tuple[Store, Sequence[Path]]
"""An archive, and the question files over it."""

Labels = npt.NDArray[np.int64]

_REGULARISATION: Final = 0.3
"""Inverse strength of the penalty on weights (scikit-learn's C): features overlap and questions are few."""

FOLDS: Final = 5

FIRST: Final = 5
"""Passages among which evidence is looked for when fusions are compared; with a reader as many as it reads."""

FALSE_REFUSALS: Final = 0.025
"""Share of the questions that the letters answer that may be refused: an answer of too little is seen through, a refusal is not."""

_ANSWERED_ONLY: Final = 0.3
"""What a question on an archive with none that it does not answer counts, when evidence is weighed: in the words of such questions
less stands in the letters than in those of the others, and that is no reason to refuse them."""

GRID: Final[Mapping[str, Sequence[float]]] = {
    "dense": (0.3, 0.45, 0.7, 1.0, 1.5, 2.0, 3.0),
    "nearest": (2.0, 3.0, 4.0),
    "dense_english": (1.0, 1.4, 2.0, 3.0, 4.5),
}
"""Values of `Fusion` that are tried."""

MOST_LABELLED: Final = 300
"""Questions drawn of each file of labelled passages, so that these do not outweigh all others."""

_COUNTS: Final = "logisticregression__sample_weight"

SCALED: Final = ("similarity",)
"""Features that depend on how large the similarities of a model are; weights for any model do without."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question to learn from, as one fusion finds what may answer it.

    Attributes:
        group: what it is on; questions of one group are in one fold.
        answerable: the archive answers it.
        weighed: its archive has questions of both sorts. Others count less when it is learnt when to refuse: they teach what is
            peculiar to their archive, too.
        considered: what an answer would be chosen from.
        right: of each sentence, whether it stands in the labelled evidence.
    """

    group: int
    answerable: bool
    weighed: bool
    considered: Considered
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """How well what was fitted to other questions does on these.

    Attributes:
        fusion: that was best on the others.
        questions: how many there are.
        first: share of those that the letters answer of which the likeliest sentence is right.
        refused: share of those that they do not answer that are refused.
        false_refusals: the same of those that they do answer.
        area: under the ROC curve of the answered among all, 0.5 for chance.
    """

    fusion: Fusion
    questions: int
    first: float
    refused: float
    false_refusals: float
    area: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and how well it does on questions that it was not fitted to."""

    fitted: Fitted
    folds: tuple[Fold, ...]


class Sets:
    """Question files over archives, with what one model finds for each question.

    Args:
        asked: stores, each with its question files.
        embedder: made their vectors.
        reader: reads the best passages; None for no reader.
    """

    def __init__(self, asked: Sequence[Asked], embedder: Embedder, reader: Reader | None = None) -> None:
        reader = RememberingReader(reader) if reader else None
        embedder = RememberingEmbedder(embedder)
        self._pairs = []
        for store, paths in asked:
            corpus = Corpus.of(store)
            questions = [question for path in paths for question in _questions(path, corpus)]
            self._pairs.append((open_archive(store, embedder, reader=reader), corpus, questions))
        self._known: dict[Fusion, list[Example]] = {}
        self._found: list[tuple[int, ExpectedAnswer, Query, Found]] = []
        self._first = READ if reader else FIRST
        self.model, self.reader = embedder.fingerprint, reader.fingerprint if reader else ""

    def examples(self, fusion: Fusion) -> list[Example]:
        """Return the questions that reach the models: not about a letter itself, and with sentences to choose from."""
        if fusion not in self._known:
            self._known[fusion] = [
                example
                for archive, corpus, questions in self._pairs
                for example in _examples(Assistant(archive.having(fusion)), corpus, questions)
            ]
        return self._known[fusion]

    def reached(self, fusion: Fusion) -> tuple[Table, Labels]:
        """Return whether a passage with evidence is among the first, of each question that has any, and its group.

        In which order they stand matters less: their sentences are read before any is quoted.
        """
        self._found = self._found or list(self._find())
        fused = [archive.having(fusion) for archive, _, _ in self._pairs]
        reached = []
        for number, asked, query, found in self._found:
            corpus, first = (
                self._pairs[number][1],
                [hit.passage for hit in fused[number].fuse(query, found)[: self._first]],
            )
            reached.append(any(_is_right(asked, each.letter.id, each.start, each.end, corpus) for each in first))
        return np.array(reached, dtype=np.float64), np.array([_group(asked) for _, asked, _, _ in self._found])

    def _find(self) -> Iterator[tuple[int, ExpectedAnswer, Query, Found]]:
        """Search once for each question that the letters answer, and stands on its own."""
        for number, (archive, _, questions) in enumerate(self._pairs):
            assistant = Assistant(archive)
            for asked in questions:
                if asked.answerable and not asked.history:
                    query = assistant.query_of(asked.question)
                    yield number, asked, query, archive.find(query)


class RememberingReader:
    """A reader that reads a passage once for a question."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, ReadingTask], Reading] = {}

    @property
    def fingerprint(self) -> str:
        """Return that of the reader."""
        return self._reader.fingerprint

    def read(self, question: str, tasks: Sequence[ReadingTask]) -> list[Reading]:
        """Return what the reader said of each passage."""
        new = [task for task in dict.fromkeys(tasks) if (question, task) not in self._known]
        for task, reading in zip(new, self._reader.read(question, new) if new else (), strict=True):
            self._known[question, task] = reading
        return [self._known[question, task] for task in tasks]


@contextlib.contextmanager
def open_asked(pairs: Sequence[tuple[Path, Path]], settings: Settings, embedder: Embedder) -> Iterator[list[Asked]]:
    """Ingest letters for a model while the context lasts; gives the archives with their question files.

    Args:
        pairs: folders of letters, each with its question file; of these only what is not of the test part.
        settings: of the temporary archives.
        embedder: makes the vectors.
    """
    with contextlib.ExitStack() as stack:
        paths: dict[Path, list[Path]] = {}
        for letters, path in pairs:
            paths.setdefault(letters, []).append(path)
        yield [
            (stack.enter_context(open_ingested([letters], settings, embedder)), asked)
            for letters, asked in paths.items()
        ]


def fit(sets: Sets) -> Fit:
    """Fit everything to one model.

    Raises:
        WrongUse: too few questions that the letters answer, or that they do not.
    """
    reached = {fusion: sets.reached(fusion) for fusion in _fusions(fitted_to(sets.model, sets.reader).fusion)}
    fusion = _best(reached)
    examples = sets.examples(fusion)
    _check_enough(examples)
    folds = [_fold(sets, _best(reached, number), number) for number in range(FOLDS)]
    relevance, sufficiency = _weights(examples, OF_QUESTION)
    return Fit(Fitted(sets.model, sets.reader, fusion, relevance, sufficiency), tuple(folds))


def fit_any(models: Sequence[Sets]) -> Fitted:
    """Fit weights for a model of which nothing is known, to the questions as several models find what may answer them.

    Args:
        models: all with the same reader, or none.
    """
    (reader,) = {sets.reader for sets in models}
    examples = [example for sets in models for example in sets.examples(Fusion())]
    relevance, sufficiency = _weights(examples, [name for name in OF_QUESTION if name not in SCALED])
    return Fitted("", reader, Fusion(), relevance, sufficiency)


def fitted_file(name: str, fitted: Fitted) -> str:
    """Return what was fitted as the YAML that `assistant.evidence.fitted` reads, with a line on where it comes from."""
    head = f"# Fitted to {name} by `make weights`; do not edit.\n"
    return head + yaml.safe_dump(asdict(fitted), sort_keys=False)


def fold_rows(folds: Sequence[Fold]) -> list[list[str]]:
    """Return the figures of each fold as a row of a table, and their mean over all questions as the last."""
    names = ("first", "refused", "false_refusals", "area")
    figures = np.array([[getattr(fold, name) for name in names] for fold in folds])
    mean = np.average(figures, axis=0, weights=[fold.questions for fold in folds])
    rows = [
        [
            str(number),
            str(fold.questions),
            *(f"{getattr(fold.fusion, name):g}" for name in GRID),
            *(f"{v:.3f}" for v in row),
        ]
        for number, (fold, row) in enumerate(zip(folds, figures, strict=True), 1)
    ]
    all_questions = str(sum(fold.questions for fold in folds))
    return [
        ["fold", "questions", *GRID, *names],
        *rows,
        ["mean", all_questions, *("" for _ in GRID), *(f"{value:.3f}" for value in mean)],
    ]


def _fusions(start: Fusion) -> list[Fusion]:
    """Return the fusions that are tried, for Dutch questions and for English ones, which take weights of their own."""
    dutch = [
        replace(start, dense=dense, nearest=nearest)
        for dense, nearest in itertools.product(GRID["dense"], GRID["nearest"])
    ]
    english = [replace(start, dense_english=weight) for weight in GRID["dense_english"]]
    return [start, *dutch, *english]


def _best(reached: Mapping[Fusion, tuple[Table, Labels]], without: int | None = None) -> Fusion:
    """Return the fusion that reaches most, its weights for Dutch and for English each chosen by itself.

    Args:
        reached: by each fusion that was tried, the first of them where nothing is gained.
        without: fold that is left out.
    """

    def worth(fusion: Fusion) -> float:
        values, groups = reached[fusion]
        return float(values[groups % FOLDS != without].mean())

    start = next(iter(reached))
    dutch = max((each for each in reached if each.dense_english == start.dense_english), key=worth)
    english = max((each for each in reached if (each.dense, each.nearest) == (start.dense, start.nearest)), key=worth)
    return replace(dutch, dense_english=english.dense_english)


def _fold(sets: Sets, fusion: Fusion, number: int) -> Fold:
    """Fit to the questions of all other folds, and measure on those of this one."""
    examples = sets.examples(fusion)
    own = [example for example in examples if example.group % FOLDS == number]
    relevance, sufficiency = _weights([each for each in examples if each.group % FOLDS != number], OF_QUESTION)
    weighed = [example for example in own if example.weighed]
    odds = np.array([sufficiency.score(_measured(example, relevance), OF_QUESTION) for example in weighed])
    answerable = np.array([example.answerable for example in weighed])
    return Fold(
        fusion,
        len(own),
        float(np.mean([_likeliest(example, relevance) for example in own if any(example.right)])),
        float(np.mean(odds[~answerable] < 0)),
        float(np.mean(odds[answerable] < 0)),
        float(roc_auc_score(answerable, odds)),
    )


def _weights(examples: Sequence[Example], names: Sequence[str]) -> tuple[Weights, Weights]:
    """Return the weights of sentences, and those of the evidence for a question, of which features with these names count."""
    labelled = [example for example in examples if any(example.right)]
    taught = np.array([each.features for example in labelled for each in example.considered.sentences])
    relevance = _logistic(taught, np.array([right for each in labelled for right in each.right]), OF_SENTENCE)
    rows = np.array([_measured(example, relevance) for example in examples])[:, [OF_QUESTION.index(n) for n in names]]
    answerable = np.array([example.answerable for example in examples])
    groups = np.array([example.group for example in examples])
    counts = np.array([1.0 if example.weighed else _ANSWERED_ONLY for example in examples])
    odds = cross_val_predict(
        _regression(),
        rows,
        answerable,
        groups=groups,
        cv=GroupKFold(FOLDS),
        method="decision_function",
        params={_COUNTS: counts},
    )
    sufficiency = _logistic(rows, answerable, names, counts)
    shift = float(np.quantile(odds[answerable & (counts == 1)], FALSE_REFUSALS))
    return relevance, replace(sufficiency, intercept=round(sufficiency.intercept - shift, 3))


def _logistic(
    table: Table, labels: npt.NDArray[np.bool_], names: Sequence[str], counts: Table | None = None
) -> Weights:
    """Return weights of the features as they are.

    Args:
        table: the features, shape (rows, features).
        labels: of the rows.
        names: of the features.
        counts: what each row counts; all alike when None.
    """
    model = _regression().fit(table, labels, **{_COUNTS: counts})
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    return Weights(
        round(intercept, 3), {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    )


def _regression() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARISATION, max_iter=5000))


def _check_enough(examples: Sequence[Example]) -> None:
    answerable = sum(any(example.right) for example in examples)
    if min(answerable, sum(not example.answerable for example in examples)) < 2 * FOLDS:
        raise WrongUse(
            "There are too few questions to fit weights to.",
            f"Give at least {2 * FOLDS} questions that the letters answer, with their evidence, and {2 * FOLDS} that they do not.",
        )


def _questions(path: Path, corpus: Corpus) -> list[ExpectedAnswer]:
    """Return the questions of a file that may be tuned on, and are for an archive that holds what they rest on."""
    return [
        asked
        for asked in load_questions(path).questions
        if asked.part is not Part.TEST
        and not corpus.lost(asked)
        and not find_outside(without_orders(Wording(asked.question)))
    ]


def _examples(assistant: Assistant, corpus: Corpus, questions: Sequence[ExpectedAnswer]) -> Iterator[Example]:
    weighed = len({asked.answerable for asked in questions}) > 1
    for asked in questions:
        considered = assistant.considered(asked.question, asked.history)
        if considered.question.letter_fact is None and considered.sentences:
            right = tuple(
                _is_right(asked, each.letter.id, each.start, each.end, corpus) for each in considered.sentences
            )
            yield Example(_group(asked), asked.answerable, weighed, considered, right)


def _group(asked: ExpectedAnswer) -> int:
    """Return a number for the letter that a question is on; of one that no letter answers, for the question."""
    about = asked.evidence[0].source if asked.evidence else asked.question
    return zlib.crc32(str(about).encode())


def _is_right(asked: ExpectedAnswer, letter: str, start: int, end: int, corpus: Corpus) -> bool:
    """Check that a stretch of a letter has some of the words of labelled evidence."""
    return any(corpus.says(each, letter, start, end) for each in asked.evidence)


def _measured(example: Example, relevance: Weights) -> Table:
    """Measure the evidence for a question, its sentences scored with these weights."""
    considered = example.considered
    scored = [replace(each, score=relevance.score(each.features, OF_SENTENCE)) for each in considered.sentences]
    return measured(replace(considered, sentences=scored))


def _likeliest(example: Example, relevance: Weights) -> bool:
    """Check that the likeliest sentence is right."""
    scores = [relevance.score(each.features, OF_SENTENCE) for each in example.considered.sentences]
    return example.right[int(np.argmax(scores))]
