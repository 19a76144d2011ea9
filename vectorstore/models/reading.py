"""What a reader is given: a question and a passage as one row of tokens, in which each sentence can be found again.

The same rows are made when a reader is trained and when it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

QUESTION: Final = "query: "
PASSAGE: Final = "passage: "
"""What the trunk was trained to see before a question and before a passage."""

LONGEST: Final = 320
"""Tokens of a row; the sentences beyond are not read."""

LONGEST_QUESTION: Final = 80
"""Tokens of a question; those beyond are not read."""


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """A passage that is to be read.

    Attributes:
        context: who wrote it, when and about what.
        sentences: the sentences themselves, in order.
    """

    context: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of a question and a passage.

    Attributes:
        ids: of the tokens, special ones included.
        spans: start and end of each sentence among them; both are 0 when it was not read.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def rows_of(question: str, tasks: Sequence[ReadingTask], tokenizer: Any) -> list[Row]:
    """Return the rows of a question and several passages.

    Args:
        question: as it is asked.
        tasks: the passages.
        tokenizer: of the `tokenizers` library, with the special tokens of XLM-RoBERTa.
    """
    texts = [QUESTION + question]
    for task in tasks:
        texts += [PASSAGE + task.context, *task.sentences]
    ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    begin, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    head, place, rows = [begin, *ids[0][:LONGEST_QUESTION], end, end], 1, list[Row]()
    for task in tasks:
        last = place + 1 + len(task.sentences)
        rows.append(_row(head + ids[place], ids[place + 1 : last], end))
        place = last
    return rows


def _row(head: Sequence[int], sentences: Sequence[Sequence[int]], end: int) -> Row:
    """Return a row of what comes before a passage and as many of its sentences as there is room for."""
    row, spans = list(head[: LONGEST - 1]), list[tuple[int, int]]()
    for sentence in sentences:
        kept = sentence[: LONGEST - 1 - len(row)]
        spans.append((len(row), len(row) + len(kept)) if kept else (0, 0))
        row += kept
    return Row((*row, end), tuple(spans))
