"""One answer at a time in a conversation, whatever is pressed."""

from __future__ import annotations

from assistant.answers import Language
from assistant.web.runs import Run, Runs
from assistant.web.shown import Turn

TURNS = (Turn(1, "Wat zei de raad?"),)


def run(question: str) -> Run:
    return Run(question, Language.DUTCH)


def test_a_run_comes_after_the_one_before_it_which_is_stopped_and_goes_on_where_that_ended() -> None:
    runs, first, second = Runs(), run("een"), run("twee")
    assert runs.begin("hier", first)
    assert not runs.begin("hier", second)
    assert first.stop.wished
    assert not second.stop.wished
    assert runs.of("hier") is first
    first.turns = TURNS
    assert runs.take("hier") is second
    assert runs.of("hier") is second
    assert second.turns == TURNS
    assert runs.take("hier") is None
    assert runs.of("hier") is None


def test_of_several_that_are_asked_meanwhile_the_last_comes_next() -> None:
    runs, last = Runs(), run("drie")
    for each in (run("een"), run("twee"), last):
        runs.begin("hier", each)
    assert runs.take("hier") is last
    assert runs.take("hier") is None


def test_a_conversation_that_was_begun_anew_leaves_no_turns_to_the_next_run() -> None:
    runs, first, second = Runs(), run("een"), run("twee")
    runs.begin("hier", first)
    first.turns, first.cleared = TURNS, True
    runs.begin("hier", second)
    assert runs.take("hier") is second
    assert second.turns == ()


def test_of_a_page_that_is_gone_nothing_is_answered_any_more() -> None:
    runs, first = Runs(), run("een")
    runs.begin("hier", first)
    runs.begin("hier", run("twee"))
    runs.end("hier")
    runs.end("hier")
    assert first.stop.wished
    assert runs.of("hier") is None
    third = run("drie")
    assert runs.begin("hier", third)
    assert runs.take("hier") is None


def test_stopping_reaches_one_conversation_only() -> None:
    runs, here, there = Runs(), run("een"), run("twee")
    assert runs.begin("hier", here)
    assert runs.begin("daar", there)
    runs.stop("hier")
    runs.stop("nergens")
    assert here.stop.wished
    assert not there.stop.wished
