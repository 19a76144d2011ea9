"""The pieces of the tokenizer that Dutch and English need, of the quarter million of a hundred languages."""

from __future__ import annotations

import gzip
import json
import lzma
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tokenizers import Tokenizer

_SPACE: Final = "▁"
"""Stands before a piece that begins a word."""

_SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")
"""The pieces that are not text, in the order of their ids."""

_ALPHABETS: Final = ("LATIN", "GREEK")


def read_texts(data: Path, field: Path) -> Iterator[str]:
    """Yield the texts whose pieces are kept: laws, sentences and dictionaries of the sources, and our word lists."""
    with lzma.open(data / "train" / "laws.jsonl.xz", "rt", encoding="utf-8") as laws:
        yield from (json.loads(law)["text"] for law in laws)
    for name in ("tatoeba.eng", "tatoeba.nld", "wiktionary_en-nl.txt"):
        yield (data / "train" / name).read_text(encoding="utf-8")
    for path in sorted(field.glob("*.tsv")):
        yield path.read_text(encoding="utf-8")
    for path in sorted(field.glob("*.tsv.gz")):
        yield gzip.decompress(path.read_bytes()).decode()


def words_of(texts: Iterator[str]) -> list[str]:
    """Return the different words of texts, between spaces as the tokenizer cuts them."""
    return sorted({word for text in texts for word in text.split()})


def choose_pieces(tokenizer: Mapping[str, Any], words: Sequence[str]) -> list[int]:
    """Return the ids of the pieces that are kept, in order.

    They are the special ones, those that some word is read in, and whatever the words: single characters but letters of
    other alphabets, numbers, and what begins with a capital, as the names of those who write and are written to are
    from anywhere.
    """
    pieces = [piece for piece, _ in tokenizer["model"]["vocab"]]
    encodings = Tokenizer.from_str(json.dumps(tokenizer)).encode_batch_fast(words, add_special_tokens=False)
    used = {number for encoding in encodings for number in encoding.ids}
    always = (number for number, piece in enumerate(pieces) if _always_kept(piece))
    chosen = used.union(always, range(len(_SPECIAL)))
    return sorted(number for number in chosen if pieces[number] != "<mask>")


def _always_kept(piece: str) -> bool:
    text = piece.removeprefix(_SPACE)
    alphabet = all(not each.isalpha() or unicodedata.name(each, "").startswith(_ALPHABETS) for each in text)
    single, number = len(text) == 1, text.isascii() and not any(map(str.isalpha, text))
    capital = piece.startswith(_SPACE) and text[:1].isupper() and text.isalpha()
    return alphabet and (single or number or capital)


def cut_tokenizer(tokenizer: Mapping[str, Any], chosen: Sequence[int]) -> dict[str, Any]:
    """Return the tokenizer with only the chosen pieces, numbered anew."""
    model, pieces = tokenizer["model"], tokenizer["model"]["vocab"]
    kept = [pieces[number] for number in chosen]
    if tuple(piece for piece, _ in kept[: len(_SPECIAL)]) != _SPECIAL:
        raise ValueError("the special pieces come first")
    special = [token for token in tokenizer["added_tokens"] if token["content"] in _SPECIAL]
    return {**tokenizer, "added_tokens": special, "model": {**model, "vocab": kept}}
