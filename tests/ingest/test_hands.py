"""Letters of councils, municipalities and other bodies in many hands, read as a secretary would read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.making import letter_of
from ingest.readers.registry import read_file
from vectorstore.letters import Letter

HANDS = Path(__file__).with_name("hands")


def cases() -> list[Any]:
    """Each fact that the labels give of each letter."""
    labelled = [item for file in sorted(HANDS.glob("*.yaml")) for item in yaml.safe_load(file.read_text("utf-8"))]
    return [pytest.param(item, fact, id=f"{item['name']}-{fact}") for item in labelled for fact in item["expect"]]


def read(item: dict[str, Any]) -> Letter:
    blocks = read_file(item["file"], item["text"].encode()).blocks
    return letter_of(blocks, identifier="x", source=item["file"], sha256="")[0]


def plain(words: str | None) -> str:
    return " ".join((words or "").casefold().split())


def is_right(fact: str, expected: Any, letter: Letter) -> bool:
    got = getattr(letter, fact)
    if expected is None or expected == []:
        return not got
    if fact in ("sender", "addressee"):
        wanted = expected if isinstance(expected, list) else [expected]
        return any(plain(words) in plain(got) for words in wanted)
    if fact == "signatories":
        return len(expected) == len(got) and all(
            plain(name) in plain(signed.name) and plain(function) in plain(signed.function)
            for (name, function), signed in zip(expected, got, strict=True)
        )
    if fact == "copies":
        return len(expected) == len(got) and all(plain(a) in plain(b) for a, b in zip(expected, got, strict=True))
    if isinstance(expected, dt.date):
        return bool(got == expected)
    return plain(str(expected)) == plain(str(got))


@pytest.mark.parametrize(("item", "fact"), cases())
def test_what_a_letter_says_of_itself(item: dict[str, Any], fact: str) -> None:
    letter = read(item)
    assert is_right(fact, item["expect"][fact], letter), f"{fact}: got {getattr(letter, fact)!r}"
