"""The weights of the two models that choose and refuse, fitted to questions whose answering words are known.

`assistant.relevance` scores sentences: those that overlap labelled evidence are the right ones. `assistant.sufficiency` scores
what was found for a question: an archive answers it or not. Both are logistic regressions (scikit-learn); only questions that
may be tuned on count.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.assistant import Assistant
from assistant.composition import open_archive
from assistant.purpose import outside
from assistant.relevance import FEATURES as OF_SENTENCE
from assistant.relevance import Sentence, Weights
from assistant.settings import Settings
from assistant.sufficiency import FEATURES as OF_QUESTION
from assistant.sufficiency import Considered, measured
from eval.corpus import Corpus, temporary_store
from eval.questions import ExpectedAnswer, Part, load
from ingest.job import Ingest
from vectorstore.embedding import Embedder
from vectorstore.errors import WrongUse

Table = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

_REGULARISATION = 0.3
"""Inverse strength of the penalty on weights (scikit-learn's C): features overlap and questions are few."""

_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Example:
    """A question to learn from.

    Attributes:
        answerable: the archive answers it.
        considered: what an answer would be chosen from.
        right: of each sentence, whether it stands in the labelled evidence.
    """

    answerable: bool
    considered: Considered
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights found, and how well they tell questions and sentences apart that they were not fitted to.

    Attributes:
        relevance, sufficiency: the weights.
        questions: how many were learned from.
        sentence_auc, question_auc: areas under the ROC curve in ten-fold cross-validation, 0.5 for chance.
    """

    relevance: Weights
    sufficiency: Weights
    questions: int
    sentence_auc: float
    question_auc: float

    def plain(self) -> dict[str, Any]:
        """The weights as `assistant/weights.yaml` has them."""
        models = {"relevance": self.relevance, "sufficiency": self.sufficiency}
        return {
            name: {"intercept": weights.intercept, "weights": dict(weights.weights)} for name, weights in models.items()
        }


def fit(pairs: Sequence[tuple[Path, Path]], settings: Settings, embedder: Embedder) -> Fitted:
    """Fit both models.

    Args:
        pairs: folders of letters, each with its question file; of these only what is not of the test part.
        settings: of the temporary archives.
        embedder: makes the vectors.

    Raises:
        WrongUse: too few questions that the letters answer, or that they do not.
    """
    examples = [example for letters, path in pairs for example in _examples(letters, path, settings, embedder)]
    labelled = [example for example in examples if any(example.right)]
    taught = np.array([each.features for example in labelled for each in example.considered.sentences])
    right = np.array([int(each) for example in labelled for each in example.right])
    relevance, sentence_auc = _weights(taught, right, OF_SENTENCE)
    rows = np.array([_measured(example, relevance) for example in examples])
    answered = np.array([int(example.answerable) for example in examples])
    sufficiency, question_auc = _weights(rows, answered, OF_QUESTION)
    return Fitted(relevance, sufficiency, len(examples), sentence_auc, question_auc)


def weights_file(fitted: Fitted) -> str:
    """The weights as YAML, with a line on where they come from."""
    head = "# Weights of assistant.relevance and assistant.sufficiency, fitted by `make weights`; do not edit.\n"
    return head + yaml.safe_dump(fitted.plain(), sort_keys=False)


def _examples(letters: Path, path: Path, settings: Settings, embedder: Embedder) -> Iterator[Example]:
    """The questions over an archive that reach the models: not about a letter itself, and with sentences to choose from."""
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(temporary_store(settings, embedder))
        Ingest(store, embedder).run([letters])
        corpus, assistant = Corpus.of(store), Assistant(open_archive(store, embedder))
        for asked in load(path).questions:
            if asked.part is Part.TEST or corpus.lost(asked) or outside(asked.question):
                continue
            considered = assistant.considered(asked.question, asked.history)
            if considered.question.asked is None and considered.sentences:
                right = tuple(_is_right(asked, sentence, corpus) for sentence in considered.sentences)
                yield Example(asked.answerable, considered, right)


def _is_right(asked: ExpectedAnswer, sentence: Sentence, corpus: Corpus) -> bool:
    """Whether a sentence has some of the words of labelled evidence."""
    return any(corpus.says(each, sentence.letter.id, sentence.start, sentence.end) for each in asked.evidence)


def _measured(example: Example, relevance: Weights) -> Table:
    """What is measured of the evidence for a question, its sentences scored with these weights."""
    considered = example.considered
    scored = [replace(each, score=relevance.score(each.features, OF_SENTENCE)) for each in considered.sentences]
    return measured(replace(considered, sentences=scored))


def _weights(table: Table, labels: Labels, names: Sequence[str]) -> tuple[Weights, float]:
    """Weights of the features as they are, and the area under the ROC curve in cross-validation."""
    if np.bincount(labels, minlength=2).min() < _FOLDS:
        raise WrongUse(
            "There are too few questions to fit weights to.",
            f"Give at least {_FOLDS} questions that the letters answer, with their evidence, and {_FOLDS} that they do not.",
        )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARISATION, max_iter=5000))
    predicted = cross_val_predict(model, table, labels, cv=_FOLDS, method="decision_function")
    model.fit(table, labels)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    return Weights(round(intercept, 3), rounded), float(roc_auc_score(labels, predicted))
