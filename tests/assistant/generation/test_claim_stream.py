"""Claims are read from what a model writes as soon as they are whole, however it comes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.written_answer import Claim, Quote
from assistant.generation.claim_stream import LONGEST, ClaimReader, claim_of

ONE = {"passages": ["kbd7f"], "text": "De raad is tegen.", "quotes": []}
TWO = {"passages": ["kbd7f", "m2xzt"], "text": "Het [college] {ook}.", "quotes": [{"passage": "m2xzt", "words": "wij"}]}
CLAIMS = [
    Claim("De raad is tegen.", ("kbd7f",)),
    Claim("Het [college] {ook}.", ("kbd7f", "m2xzt"), (Quote("m2xzt", "wij"),)),
]
WHOLE = json.dumps({"statements": [ONE, TWO]})


def read(text: str, size: int = 1) -> list[Claim]:
    reader = ClaimReader()
    return [claim for place in range(0, len(text), size) for claim in reader.read(text[place : place + size])]


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        json.dumps({"statements": [ONE, TWO]}, indent=2),
        f"```json\n{WHOLE}\n```",
        f"Hier is het antwoord met {{accolades}} en [haken]:\n{WHOLE}\nGraag gedaan.",
        json.dumps({"why": "eerst denken", "statements": [ONE, TWO], "more": 1}),
        json.dumps({"statements": [ONE, "geen zin", {"text": 3}, None, {"passages": ["x"]}, TWO]}),
        f'Staat het er niet, dan {{"statements": []}}. Het staat er.</think>{WHOLE}',
        f'Ik schrijf {{"statements": [{{...}}]}} en dan:\n{WHOLE}',
        WHOLE.replace("{", '{"statements": [], ', 1),
    ],
    ids=[
        "compact",
        "indented",
        "fenced",
        "with words around",
        "with other fields",
        "with things of another shape",
        "after an empty list in a thought",
        "after a sketch of a list",
        "with a key twice",
    ],
)
def test_claims_are_read_however_they_are_cut(text: str) -> None:
    assert [read(text, size) for size in (1, 2, 3, 7, 1000)] == [CLAIMS] * 5


def test_a_claim_is_there_as_soon_as_it_is_whole() -> None:
    reader, first = ClaimReader(), '{"statements": [' + json.dumps(ONE)
    assert reader.read(first[:-1]) == []
    assert reader.read("}") == CLAIMS[:1]
    assert not reader.has_ended


def test_the_cited_passages_are_known_while_a_sentence_is_written() -> None:
    reader = ClaimReader()
    reader.read('{"statements": [{"passages": ["kbd7f", "m2')
    assert reader.cited == ()
    reader.read('xzt"], "text": "De raad')
    assert reader.cited == ("kbd7f", "m2xzt")
    reader.read(' is tegen.", "quotes": []}]}')
    assert reader.cited == ()


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("", False, False),
        ("Ik weet het niet.", False, False),
        ('{"answer": "x"}', False, False),
        ('{"statements": [', True, False),
        ('{"statements": []}', True, True),
        ('{"statements" :\n [ ] }', True, True),
        (WHOLE[:-2], True, False),
        (WHOLE, True, True),
    ],
)
def test_whether_there_is_a_list_and_whether_it_has_ended(text: str, found: bool, whole: bool) -> None:
    reader = ClaimReader()
    reader.read(text)
    assert (reader.has_list, reader.has_ended) == (found, whole)


@pytest.mark.parametrize(
    ("text", "strange", "unread"),
    [
        ('{"statements": []}', False, ""),
        ('{"statements": [{"text": " "}]}', False, ""),
        (WHOLE, False, ""),
        (WHOLE[:-2], False, ""),
        ('{"statements": ["De raad is tegen."]}', True, '{"statements": ["De raad is tegen."]}'),
        ('{"statements": [' + json.dumps(ONE) + ', {"text": "De "raad""}]}', False, ', {"text": "De "raad""}]}'),
        ("De raad is tegen.", False, "De raad is tegen."),
        (" \n", False, ""),
    ],
)
def test_what_could_not_be_read_is_known(text: str, strange: bool, unread: str) -> None:
    reader = ClaimReader()
    reader.read(text)
    assert (reader.is_malformed, reader.unread) == (strange, unread)


@pytest.mark.parametrize(
    ("text", "over"), [(WHOLE, False), (WHOLE + "\n" * 500, True), ("\n" * 500, False), ("ja " * LONGEST, True)]
)
def test_a_reply_that_babbles_on_is_over(text: str, over: bool) -> None:
    reader = ClaimReader()
    reader.read(text)
    assert reader.is_over is over


def test_what_was_cut_off_is_not_half_read() -> None:
    assert read(WHOLE[: WHOLE.index('"m2xzt", "words"')]) == CLAIMS[:1]


@pytest.mark.parametrize(
    ("value", "claim"),
    [
        ({"text": " De  raad\nvindt. ", "passages": "abc"}, Claim("De raad vindt.", ("abc",))),
        ({"text": "x", "passages": ["a", 1, " ", "a ", None]}, Claim("x", ("a",))),
        ({"text": "x", "quotes": {"passage": "b", "words": "w"}}, Claim("x", ("b",), (Quote("b", "w"),))),
        (
            {"text": "x", "passages": ["a"], "quotes": [{"words": "w"}, "w", {"passage": "a", "words": " "}]},
            Claim("x", ("a",)),
        ),
        ({"text": "x", "passages": {"a": 1}, "quotes": None}, Claim("x", ())),
        (
            {"text": "nie\u200bt \u202ewat\x00er\x1b[2J \ud800", "passages": ["a\ud800"]},
            Claim("niet wat er [2J", ("a",)),
        ),
        ({"text": "x", "quotes": {"passage": "b", "words": "\u2066w\udc00"}}, Claim("x", ("b",), (Quote("b", "w"),))),
        (
            {"text": "Een inkomen &lt; 120%", "quotes": {"passage": "b", "words": "&gt; 100 &amp;"}},
            Claim("Een inkomen < 120%", ("b",), (Quote("b", "> 100 &amp;"),)),
        ),
        ({"text": "\u200b\x00"}, None),
        ({"text": ""}, None),
        ({"passages": ["a"]}, None),
        (["x"], None),
        ("x", None),
    ],
)
def test_what_is_made_of_a_statement(value: Any, claim: Claim | None) -> None:
    assert claim_of(value) == claim


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(st.sampled_from(["text", "passages", "quotes", "statements", "passage", "words"]), v)
        ),
    )
)
def test_any_json_is_read_without_an_error(value: Any) -> None:
    read(json.dumps({"statements": value}), 5)


@given(st.text(max_size=200), st.integers(1, 9))
def test_any_text_is_read_without_an_error(text: str, size: int) -> None:
    assert all(isinstance(claim, Claim) for claim in read('{"statements": [' + text, size))
