"""A Dutch and English subword tokenizer in which a part of a compound is the same token as the word alone.

A unigram model (Kudo 2018, "Subword Regularization", arXiv:1804.10959) without word-boundary marks:
*armoedeval* is read as *armoede* + *val*, and both share their vectors with the words themselves. The most
probable reading doubles as the compound splitter of Koehn & Knight (2003, "Empirical Methods for Compound
Splitting"). The vocabulary is chosen by repeated Viterbi counting over word types, which is exact to
repeat, where the multi-threaded trainers of the library are not.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram

UNKNOWN = "[UNK]"
LONGEST_PIECE = 9

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A tokenizer and, per token id, its share of the balanced text it was chosen on (adds up to 1)."""

    tokenizer: Tokenizer
    shares: tuple[float, ...]

    @property
    def tokens(self) -> list[str]:
        """Return the tokens in the order of their ids."""
        return [str(self.tokenizer.id_to_token(i)) for i in range(self.tokenizer.get_vocab_size())]


def _normalizer(strip_accents: bool) -> normalizers.Normalizer:
    steps = [normalizers.NFD(), normalizers.StripAccents()] if strip_accents else [normalizers.NFC()]
    return normalizers.Sequence([*steps, normalizers.Lowercase(), normalizers.Replace(Regex(r"[^\p{L}\p{N}]+"), " ")])


def _build(weights: Mapping[str, float], normalizer: normalizers.Normalizer) -> Tokenizer:
    """Build a tokenizer whose token scores are the logarithms of ``weights``; ties are ordered by spelling."""
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    scores = [(UNKNOWN, 0.0)] + [(token, math.log(weight / total)) for token, weight in ranked]
    tokenizer = Tokenizer(Unigram(scores, unk_id=0))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def count_words(texts: Iterable[str], strip_accents: bool = True) -> Counter[str]:
    """Count the word types of ``texts`` as the tokenizer will see them."""
    raw = Counter[str]()
    for text in texts:
        raw.update(_WORD.findall(text))
    normalizer, counts = _normalizer(strip_accents), Counter[str]()
    for word, count in raw.items():
        for part in normalizer.normalize_str(word).split():
            counts[part] += count
    return counts


def balance(corpora: Mapping[str, tuple[Counter[str], float]]) -> dict[str, float]:
    """Mix word counts so that each corpus has its requested weight; the result adds up to 1."""
    mixed = dict[str, float]()
    whole = sum(weight for _, weight in corpora.values())
    for counts, weight in corpora.values():
        total = max(1, counts.total())
        for word, count in counts.items():
            mixed[word] = mixed.get(word, 0.0) + weight / whole * count / total
    return mixed


def _candidates(words: Mapping[str, float], size: int) -> dict[str, float]:
    """Return the words themselves, the commonest heads and tails of words, and every character."""
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    pieces = Counter[str]()
    for word, weight in ranked:
        for length in range(2, min(LONGEST_PIECE, len(word) - 1) + 1):
            pieces[word[:length]] += math.sqrt(weight)  # type: ignore[assignment]
            pieces[word[-length:]] += math.sqrt(weight)  # type: ignore[assignment]
    floor = ranked[-1][1] * 1e-3
    chosen = {character: floor for word in words for character in word}
    best = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))[: 2 * size]
    chosen |= {piece: ranked[-1][1] for piece, _ in best}
    return chosen | dict(ranked[: 4 * size])


def _usage(tokenizer: Tokenizer, words: Mapping[str, float]) -> dict[str, float]:
    usage, ordered = dict[str, float](), sorted(words)
    for word, encoding in zip(ordered, tokenizer.encode_batch(ordered), strict=True):
        for token in encoding.tokens:
            usage[token] = usage.get(token, 0.0) + words[word]
    return usage


def train_tokenizer(words: Mapping[str, float], size: int, strip_accents: bool = True, rounds: int = 5) -> Vocabulary:
    """Choose ``size`` tokens (all single characters among them) for the weighted ``words``."""
    normalizer = _normalizer(strip_accents)
    characters = {character for word in words for character in word}
    weights = _candidates(words, size)
    for turn in range(rounds):
        usage = _usage(_build(weights, normalizer), words)
        keep = max(size - 1, int(len(usage) * 0.5)) if turn < rounds - 1 else size - 1
        floor = min(usage.values()) * 0.1
        room = max(0, keep - len(characters))
        longer = sorted((t for t in usage if len(t) > 1 and t != UNKNOWN), key=lambda t: (-usage[t], t))[:room]
        weights = {c: usage.get(c, floor) for c in characters} | {token: usage[token] for token in longer}
        print(f"tokenizer: round {turn + 1} of {rounds}, {len(weights):,} tokens", file=sys.stderr)
    tokenizer = _build(weights, normalizer)
    usage = _usage(tokenizer, words)
    total = sum(usage.values())
    tokens = (str(tokenizer.id_to_token(i)) for i in range(tokenizer.get_vocab_size()))
    return Vocabulary(tokenizer, tuple(usage.get(token, 0.0) / total for token in tokens))
