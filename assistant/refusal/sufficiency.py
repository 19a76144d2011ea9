"""Whether what was found is enough to answer from, decided before a word is written.

A logistic model over absolute measures of the evidence; `python -m eval fit` finds its weights from questions that an archive
answers and questions that it does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.evidence.coverage import Weighed
from assistant.evidence.fitted import Weights
from assistant.evidence.sentence_scoring import FEATURES as OF_SENTENCE
from assistant.evidence.sentence_scoring import Sentence
from assistant.query.understanding import Question
from vectorstore.analysis.expansion import TRANSLATED
from vectorstore.letters import Voice

FEATURES: Final = (
    "likely",
    "third",
    "own",
    "around",
    "specific",
    "passage",
    "absent",
    "similarity",
    "near",
    "concepts",
    "unheard",
    "reads",
    "passage_reads",
)
"""Names of the features, in order; `measured` says what each is."""

_MOST_CONCEPTS = 5
_MOST_UNHEARD = 3.0

_WHOLE = 0.95
"""Coverage of a question by one sentence that is always enough: the sentence speaks of all that is asked. Of an English
question, whose words may be translated wrongly, the letter's subject has to speak of it too.
"""


@dataclass(frozen=True, slots=True)
class Considered:
    """What an answer is chosen from.

    Attributes:
        question: what is asked.
        weighed: its content words.
        sentences: those that may answer, in the order of their passages.
    """

    question: Question
    weighed: Weighed
    sentences: list[Sentence]


@dataclass(frozen=True, slots=True)
class Refusal:
    """When evidence is too thin to answer.

    Attributes:
        least: probability that the archive answers from which there is an answer; 0 refuses only where nothing was found.
    """

    least: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= 1.0:
            raise ValueError(f"a probability is from 0 to 1, not {self.least}")


def measured(considered: Considered) -> npt.NDArray[np.float64]:
    """Measure the evidence, by the order of `FEATURES`.

    likely and third: log-odds of the best and the third best sentence; own, around, specific, passage, near, reads and
    passage_reads: the highest such feature of a sentence (see `Relevance`); absent: worth of the weightiest thing asked that stands nowhere in the archive;
    similarity: highest cosine similarity of a passage; concepts: how many things are asked, at most five, as a share of
    that; unheard: by how much the asked speaker's best sentence is less likely than somebody else's, up to 3.

    Args:
        considered: has at least one sentence.
    """
    question, weighed, sentences = considered.question, considered.weighed, considered.sentences
    table = np.array([sentence.features for sentence in sentences])
    scores = sorted((sentence.score for sentence in sentences), reverse=True)
    highest = {
        name: float(table[:, OF_SENTENCE.index(name)].max())
        for name in ("own", "around", "specific", "passage", "near", "reads", "passage_reads")
    }
    heard = [each.score for each in sentences if question.voice in (None, each.voice) or each.voice is Voice.UNKNOWN]
    values = highest | {
        "likely": scores[0],
        "third": scores[min(2, len(scores) - 1)],
        "absent": weighed.absent,
        "similarity": max(sentence.hit.why.dense for sentence in sentences),
        "concepts": min(len(weighed.concepts), _MOST_CONCEPTS) / _MOST_CONCEPTS,
        "unheard": min(scores[0] - max(heard, default=-np.inf), _MOST_UNHEARD),
    }
    return np.array([values[name] for name in FEATURES], dtype=np.float64)


def suffices(considered: Considered, refusal: Refusal, weights: Weights) -> bool:
    """Check whether what was found is enough to answer from.

    Args:
        considered: what an answer would be chosen from.
        refusal: how much is enough.
        weights: of the features.
    """
    if not considered.sentences:
        return False
    if any(_is_whole(considered.question, each) for each in considered.sentences):
        return True
    odds = weights.score(measured(considered), FEATURES)
    return 1 / (1 + math.exp(-odds)) >= refusal.least


def _is_whole(question: Question, sentence: Sentence) -> bool:
    """Check whether a sentence speaks of all that is asked."""
    own, letter = (sentence.features[OF_SENTENCE.index(name)] for name in ("own", "letter"))
    translated = question.standalone.english and min(own, letter) >= _WHOLE * TRANSLATED
    return bool(own >= _WHOLE or translated)
