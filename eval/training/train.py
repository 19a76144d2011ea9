"""Training of the reader: which passage answers a question, and which of its sentences do."""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from eval.training.examples import ReadingExample
from eval.training.network import ReaderNetwork
from eval.training.quality import Quality, quality_of
from vectorstore.models.reader import Reading
from vectorstore.models.reading import Row, rows_of

_WARMING: Final = 0.06
"""Share of the steps in which the rate of learning rises."""

_POOL: Final = 40
"""Batches whose rows are sorted by length together."""

_DECAY: Final = 0.01


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the reader is trained.

    Attributes:
        layers: of the trunk that are kept.
        frozen: of these that are not trained.
        epochs: times that all examples are seen.
        rate: of learning, at its highest.
        tokens: of a batch.
        seed: of the order and the first weights.
    """

    layers: int = 10
    frozen: int = 1
    epochs: int = 3
    rate: float = 1e-4
    tokens: int = 4096
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Case:
    row: Row
    answers: tuple[bool, ...]


def train_reader(
    network: ReaderNetwork,
    tokenizer: Any,
    examples: Sequence[ReadingExample],
    kept: Sequence[ReadingExample],
    schedule: Schedule,
) -> Quality:
    """Train the network; progress goes to stderr.

    Args:
        network: is changed.
        tokenizer: of its trunk.
        examples: to train with.
        kept: on other letters, to measure with.
        schedule: of the training.

    Returns:
        How well it does on the examples that were kept.
    """
    chance = random.Random(schedule.seed)
    cases, held = _cases(examples, tokenizer), _cases(kept, tokenizer)
    batches = [batch for _ in range(schedule.epochs) for batch in _batches(cases, schedule.tokens, chance)]
    trained = [each for each in network.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=schedule.rate, weight_decay=_DECAY)
    warm = max(1, int(_WARMING * len(batches)))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (len(batches) - step) / max(1, len(batches) - warm))
    )
    began, mean = time.monotonic(), 0.0
    for number, batch in enumerate(batches, 1):
        network.train()
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16):
            loss = _loss(network, batch)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        rates.step()
        mean = float(loss.detach()) if number == 1 else 0.98 * mean + 0.02 * float(loss.detach())
        if number % 20 == 0:
            minutes = (time.monotonic() - began) / 60
            print(f"{number}/{len(batches)} loss {mean:.4f} {minutes:.1f} min", file=sys.stderr, flush=True)
        if number % max(1, len(batches) // 6) == 0:
            print(measure(network, held), file=sys.stderr, flush=True)
    return measure(network, held)


def measure(network: ReaderNetwork, cases: Sequence[_Case]) -> Quality:
    """Return how well the network does."""
    network.eval()
    read = list[tuple[Reading, Sequence[bool]]]()
    for batch in _batches(cases, 8192, random.Random(0)):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            whole, parts = _scores(network, batch)
        for case, passage, sentences in zip(batch, whole.tolist(), parts, strict=True):
            read.append((Reading(passage, tuple(sentences.float().tolist())), case.answers))
    return quality_of(read)


def _cases(examples: Sequence[ReadingExample], tokenizer: Any) -> list[_Case]:
    """Return rows with labels; without examples whose answer does not fit in a row."""
    cases = []
    for example in examples:
        (row,) = rows_of(example.question, [example.task], tokenizer)
        answers = tuple(answer and end > 0 for answer, (_, end) in zip(example.answers, row.spans, strict=True))
        if any(answers) == any(example.answers) and any(end for _, end in row.spans):
            cases.append(_Case(row, answers))
    return cases


def _batches(cases: Sequence[_Case], tokens: int, chance: random.Random) -> Iterator[list[_Case]]:
    """Yield all cases in batches of about so many tokens, those of about the same length together, in any order."""
    shuffled = list(cases)
    chance.shuffle(shuffled)
    mean = sum(len(case.row.ids) for case in cases) / len(cases)
    pool = math.ceil(_POOL * tokens / mean)
    batches = list[list[_Case]]()
    for start in range(0, len(shuffled), pool):
        batch = list[_Case]()
        for case in sorted(shuffled[start : start + pool], key=lambda case: len(case.row.ids)):
            if batch and len(case.row.ids) * (len(batch) + 1) > tokens:
                batches.append(batch)
                batch = []
            batch.append(case)
        batches.append(batch)
    chance.shuffle(batches)
    yield from batches


def _scores(network: ReaderNetwork, batch: Sequence[_Case]) -> tuple[Tensor, list[Tensor]]:
    """Return the score of each passage, shape (rows,), and those of the sentences of each."""
    ids, mask = _padded([case.row.ids for case in batch])
    scores = network(ids, mask).float()
    whole = (scores[..., 0] * mask).sum(1) / mask.sum(1)
    parts = []
    for number, case in enumerate(batch):
        total = functional.pad(scores[number, :, 1].cumsum(0), (1, 0))
        starts, ends = torch.tensor(case.row.spans).T
        lengths = (ends - starts).clamp(min=1)
        parts.append(torch.where(ends > 0, (total[ends] - total[starts]) / lengths, torch.tensor(-20.0)))
    return whole, parts


def _loss(network: ReaderNetwork, batch: Sequence[_Case]) -> Tensor:
    whole, parts = _scores(network, batch)
    answering = torch.tensor([float(any(case.answers)) for case in batch])
    labels = torch.cat([torch.tensor(case.answers, dtype=torch.float32) for case in batch])
    loss = functional.binary_cross_entropy_with_logits(whole, answering)
    loss = loss + functional.binary_cross_entropy_with_logits(torch.cat(parts), labels)
    chosen = [
        torch.logsumexp(scores, 0) - torch.logsumexp(scores[torch.tensor(case.answers)], 0)
        for case, scores in zip(batch, parts, strict=True)
        if any(case.answers)
    ]
    return loss + 0.3 * torch.stack(chosen).mean() if chosen else loss


def _padded(rows: Sequence[tuple[int, ...]]) -> tuple[Tensor, Tensor]:
    width = max(len(row) for row in rows)
    ids = torch.ones((len(rows), width), dtype=torch.long)
    mask = torch.zeros((len(rows), width))
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask
