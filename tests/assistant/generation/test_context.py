"""What a model is given: the most telling passages that fit, none of them twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.context import pack, recent, tokens_of
from tests.letters import new_hit, new_letter, new_passage
from vectorstore.letters import Passage, Voice
from vectorstore.search import Hit

LONG = "De raad vraagt het college om de wachttijd bij de schuldhulp te verkorten tot vier weken, en niet langer te wachten."


def hit(number: int, text: str, year: int = 2020) -> Hit:
    return new_hit(new_passage(new_letter(text, f"letter-{number}", date=dt.date(year, 1, 1)), id=f"p{number}"))


def cost(passage: Passage) -> int:
    return tokens_of(passage.text) + 60


def names(hits: list[Hit]) -> list[str]:
    return [each.passage.id for each in hits]


def test_what_is_worth_most_goes_in_first_and_what_does_not_fit_stays_out() -> None:
    hits = [hit(number, f"{word} " * 100) for number, word in enumerate(["wonen", "werken", "zorgen"])]
    room = 2 * (tokens_of(hits[0].passage.text) + 100)
    assert names(pack(hits, {"p0": -2.0, "p1": 3.0, "p2": 1.0}, room, cost)) == ["p1", "p2"]


def test_a_shorter_passage_fills_the_room_that_a_longer_one_does_not_fit() -> None:
    hits = [hit(0, "wonen " * 100), hit(1, "werken " * 300), hit(2, "zorgen " * 50)]
    room = tokens_of("wonen " * 100) + tokens_of("zorgen " * 50) + 200
    assert names(pack(hits, {"p0": 3.0, "p1": 2.0, "p2": 1.0}, room, cost)) == ["p0", "p2"]


def test_there_is_always_a_passage() -> None:
    assert names(pack([hit(0, "wonen " * 500)], {}, 10, cost)) == ["p0"]


def test_what_hardly_tells_anything_stays_out() -> None:
    hits = [hit(0, "wonen nu"), hit(1, "werken straks"), hit(2, "zorgen later")]
    assert names(pack(hits, {"p0": -3.0, "p1": 4.0}, 1000, cost)) == ["p1"]


def test_they_come_by_date() -> None:
    hits = [hit(0, "wonen nu", 2021), hit(1, "werken straks", 2019)]
    assert names(pack(hits, {"p0": 2.0, "p1": 1.0}, 1000, cost)) == ["p1", "p0"]


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        (LONG, 1),
        (LONG.replace("verkorten", "bekorten"), 1),
        (LONG.replace("en niet", "en dus").replace("langer", "korter"), 2),
        (LONG.replace("vier", "4"), 2),
        ("Het college deelt mee dat er geen geld is voor een wijkbalie.", 2),
    ],
    ids=["the same", "another word", "another denial", "another number", "another matter"],
)
def test_what_says_the_same_goes_in_once(other: str, kept: int) -> None:
    assert len(pack([hit(0, LONG), hit(1, other)], {"p0": 1.0, "p1": 2.0}, 5000, cost)) == kept


def test_an_advice_is_not_left_out_for_the_reply_that_repeats_it() -> None:
    advice, reply = hit(0, LONG), hit(1, LONG)
    reply = replace(reply, passage=replace(reply.passage, letter=replace(reply.passage.letter, author=Voice.EXECUTIVE)))
    assert len(pack([advice, reply], {"p0": 1.0, "p1": 2.0}, 5000, cost)) == 2


@given(st.lists(st.tuples(st.integers(1, 300), st.floats(-5, 5)), max_size=8), st.integers(0, 2000))
def test_nothing_is_given_beyond_the_room_but_the_first(sizes: list[tuple[int, float]], room: int) -> None:
    hits = [hit(number, f"w{number} " * size) for number, (size, _) in enumerate(sizes)]
    chosen = pack(hits, {f"p{number}": worth for number, (_, worth) in enumerate(sizes)}, room, cost)
    assert len(set(names(chosen))) == len(chosen) <= len(hits)
    assert len(chosen) <= 1 or sum(tokens_of(each.passage.text) for each in chosen) <= room


def test_of_a_long_conversation_the_latest_questions_stay() -> None:
    assert recent(["a" * 280, "b" * 280, "c" * 28], 120) == ["b" * 280, "c" * 28]
    assert recent(["a" * 2800], 100) == []
    assert recent([], 100) == []
