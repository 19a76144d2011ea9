"""Sentences of Dutch letters."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.language.sentences import sentence_spans
from tests.tables import assert_table, items

HERE = Path(__file__).parent


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def is_parted(cell: str) -> bool:
    """Return if one sentence stays one, also before another, and if the last of several is parted."""
    parts = items(cell)
    found = split(" ".join(parts))
    if len(parts) == 1:
        return found == parts and split(f"{cell} Wij wachten af.") == [*parts, "Wij wachten af."]
    return found[-1] == parts[-1] and " ".join(found) == " ".join(parts)


def test_sentences_stay_one_or_are_parted() -> None:
    assert_table(HERE / "sentences.tsv", is_parted)


@given(st.text(st.sampled_from(list("abc A.B!?:;”“‘’\n1€-")), max_size=120))
def test_every_word_is_in_one_sentence(text: str) -> None:
    begin = 0
    for start, end in sentence_spans(text):
        assert begin <= start < end
        assert not text[begin:start].strip()
        assert text[start:end] == text[start:end].strip()
        begin = end
    assert not text[begin:].strip()
