"""The static bilingual model: one vector per token, their mean is the vector of a text.

Trained with the multiple-negatives ranking loss (Henderson et al. 2017, arXiv:1705.00652), both directions.
While training, the vector of a token is the sum of its own and those of its character n-grams (Bojanowski
et al. 2017, "Enriching Word Vectors with Subword Information", arXiv:1607.04606), times a gain that starts
at the smooth inverse frequency of the token (Arora et al. 2017, "A Simple but Tough-to-Beat Baseline for
Sentence Embeddings"). Afterwards all of it is folded into one plain table, so that a rare word has borrowed
from its relatives and the saved model is an ordinary ``StaticEmbedding``.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from vectorstore.training.pairs import Family, Pair
from vectorstore.training.tokenizer import Vocabulary

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """The training settings of the table. ``smoothing`` is the *a* of a / (a + share)."""

    dimensions: int = 256
    steps: int = 500
    batch: int = 1024
    rate: float = 0.01
    smoothing: float = 1e-3
    ngrams: int = 60_000
    longest_text: int = 128
    seed: int = 20170401


class ComposedTable(nn.Module):
    """Token vectors made of the token's own vector and its character n-grams, times its gain."""

    def __init__(self, vocabulary: Vocabulary, settings: Settings) -> None:
        super().__init__()
        grams, starts, count = ngram_index(vocabulary.tokens, settings.ngrams)
        size, dimensions = len(starts) - 1, settings.dimensions
        self.own = nn.Parameter(torch.randn(size, dimensions) / math.sqrt(dimensions))
        self.grams = nn.Parameter(0.3 * torch.randn(count, dimensions) / math.sqrt(dimensions))
        shares = torch.tensor(vocabulary.shares)
        self.gain = nn.Parameter(torch.log(settings.smoothing / (settings.smoothing + shares)))
        self.gram_ids, self.gram_starts = torch.from_numpy(grams), torch.from_numpy(starts)

    def rows(self, tokens: Tensor) -> Tensor:
        """Return vectors for token ids, shape (tokens, dimensions)."""
        starts, ends = self.gram_starts[tokens], self.gram_starts[tokens + 1]
        lengths = ends - starts
        offsets = torch.cumsum(lengths, 0) - lengths
        places = torch.arange(int(lengths.sum())) + torch.repeat_interleave(starts - offsets, lengths)
        spread = torch.repeat_interleave(1.0 / lengths.clamp(min=1).sqrt(), lengths)
        shared = functional.embedding_bag(
            self.gram_ids[places], self.grams, offsets, mode="sum", per_sample_weights=spread
        )
        return (self.own[tokens] + shared) * torch.exp(self.gain[tokens])[:, None]

    def forward(self, tokens: Tensor, offsets: Tensor) -> Tensor:
        """Return unit vectors of texts given as token ids end to end and the place where each text starts."""
        distinct, places = torch.unique(tokens, return_inverse=True)
        means = functional.embedding_bag(places, self.rows(distinct), offsets, mode="mean")
        return functional.normalize(means, dim=1)


def ngram_index(tokens: Sequence[str], most: int) -> tuple[Ids, Ids, int]:
    """Return for each token its n-grams (3 to 5 characters, ends marked) among the ``most`` common ones.

    Returns the ids end to end, where those of each token start (one more than there are tokens), and how many
    n-grams there are. An n-gram of a single token says nothing that its own vector cannot.
    """
    spelled = []
    for token in tokens:
        marked = f"<{token}>"
        spelled.append({marked[i : i + n] for n in (3, 4, 5) for i in range(len(marked) - n + 1)})
    counts = Counter(gram for grams in spelled for gram in grams)
    ranked = sorted(((c, g) for g, c in counts.items() if c > 1), key=lambda item: (-item[0], item[1]))[:most]
    places = {gram: place for place, (_, gram) in enumerate(ranked)}
    found = [sorted(places[gram] for gram in grams if gram in places) for grams in spelled]
    starts = np.cumsum([0] + [len(ids) for ids in found])
    return (
        np.array([i for ids in found for i in ids], dtype=np.int64),
        starts.astype(np.int64),
        max(1, len(places)),
    )


class _Texts:
    """One side of a family, as token ids end to end."""

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary, longest: int) -> None:
        encoded = [
            e.ids[:longest] for e in vocabulary.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ]
        self.starts = np.cumsum([0] + [len(ids) for ids in encoded])
        self.ids = np.fromiter((i for ids in encoded for i in ids), dtype=np.int64, count=int(self.starts[-1]))

    def batch(self, chosen: Ids) -> tuple[Tensor, Tensor]:
        parts = [self.ids[self.starts[i] : self.starts[i + 1]] for i in chosen]
        lengths = np.array([len(part) for part in parts])
        return torch.from_numpy(np.concatenate(parts)), torch.from_numpy(np.cumsum(lengths) - lengths)


def _distinct(pairs: Sequence[Pair], order: Ids, size: int) -> Iterator[Ids]:
    """Yield batches in which no text occurs twice on a side, so that no true pair counts as a negative."""
    chosen, left, right = list[int](), set[str](), set[str]()
    for place in order:
        a, b = pairs[place]
        if a in left or b in right:
            continue
        chosen.append(int(place))
        left.add(a)
        right.add(b)
        if len(chosen) == size:
            yield np.array(chosen)
            chosen, left, right = [], set(), set()
    if len(chosen) > 1:
        yield np.array(chosen)


class _Stream:
    """Endless batches of one family, reshuffled each time it has been gone through."""

    def __init__(self, family: Family, vocabulary: Vocabulary, settings: Settings, random: np.random.Generator) -> None:
        self._pairs, self._size, self._random = family.pairs, settings.batch, random
        self._left = _Texts([a for a, _ in family.pairs], vocabulary, settings.longest_text)
        self._right = _Texts([b for _, b in family.pairs], vocabulary, settings.longest_text)
        self._batches: Iterator[Ids] = iter(())

    def __next__(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        chosen = next(self._batches, None)
        if chosen is None:
            self._batches = _distinct(self._pairs, self._random.permutation(len(self._pairs)), self._size)
            chosen = next(self._batches)
        return self._left.batch(chosen), self._right.batch(chosen)


def ranking_loss(left: Tensor, right: Tensor, scale: float) -> Tensor:
    """Compute the multiple-negatives ranking loss over cosines, the mean of both directions."""
    scores = scale * left @ right.T
    truth = torch.arange(len(scores))
    return (functional.cross_entropy(scores, truth) + functional.cross_entropy(scores.T, truth)) / 2


def train_table(found: Sequence[Family], vocabulary: Vocabulary, settings: Settings) -> Tensor:
    """Train on the families in proportion to their shares; return the table, (tokens, dimensions)."""
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    table = ComposedTable(vocabulary, settings)
    streams = [_Stream(family, vocabulary, settings, random) for family in found]
    shares = np.array([family.share for family in found])
    turns = random.choice(len(found), size=settings.steps, p=shares / shares.sum())
    optimizer = torch.optim.Adam(table.parameters(), lr=settings.rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=settings.steps + 1, pct_start=0.1
    )
    losses, began = dict[str, float](), time.monotonic()
    for step, turn in enumerate(turns):
        left, right = next(streams[turn])
        both = table(torch.cat([left[0], right[0]]), torch.cat([left[1], right[1] + len(left[0])]))
        loss = ranking_loss(both[: len(left[1])], both[len(left[1]) :], found[turn].scale)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
        name = found[turn].name
        losses[name] = 0.9 * losses.get(name, loss.item()) + 0.1 * loss.item()
        if (step + 1) % 200 == 0:
            shown = "  ".join(f"{name} {value:.2f}" for name, value in sorted(losses.items()))
            print(
                f"step {step + 1:,} of {settings.steps:,}, {time.monotonic() - began:.0f} s: {shown}",
                file=sys.stderr,
            )
    with torch.no_grad():
        folded = table.rows(torch.arange(len(vocabulary.shares)))
        folded[0] = 0.0
        return folded
