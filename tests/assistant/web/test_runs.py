"""One answer at a time in a conversation, whatever is pressed."""

from __future__ import annotations

import threading

from assistant.answers import Language
from assistant.web.runs import Run, Runs
from assistant.web.shown import Turn
from tests.waiting import PATIENCE

TURNS = (Turn(1, "Wat zei de raad?"),)


def test_a_run_waits_for_the_one_before_it_which_is_stopped_and_goes_on_where_that_ended() -> None:
    runs, first, second = Runs(), Run("een", Language.DUTCH), Run("twee", Language.DUTCH)
    waiting, stopped, order = threading.Event(), threading.Event(), list[str]()

    def answer_second() -> None:
        waiting.set()
        with runs.only("hier", second):
            order.append("second began")

    thread = threading.Thread(target=answer_second)
    with runs.only("hier", first):
        thread.start()
        waiting.wait(PATIENCE)
        with first.stop.heard_by(stopped.set):
            assert stopped.wait(PATIENCE)
        first.turns = TURNS
        order.append("first ended")
    thread.join(PATIENCE)
    assert order == ["first ended", "second began"]
    assert second.turns == TURNS
    assert runs.of("hier") is None


def test_a_conversation_that_was_begun_anew_leaves_no_turns_to_the_next_run() -> None:
    runs, first, second = Runs(), Run("een", Language.DUTCH, TURNS), Run("twee", Language.DUTCH, TURNS)
    ended = threading.Event()

    def answer_first() -> None:
        with runs.only("hier", first), first.stop.heard_by(ended.set):
            began.set()
            ended.wait(PATIENCE)
            first.cleared = True

    began = threading.Event()
    thread = threading.Thread(target=answer_first)
    thread.start()
    began.wait(PATIENCE)
    with runs.only("hier", second):
        assert second.turns == ()
    thread.join(PATIENCE)


def test_stopping_reaches_one_conversation_only() -> None:
    runs, here, there = Runs(), Run("een", Language.DUTCH), Run("twee", Language.DUTCH)
    with runs.only("hier", here), runs.only("daar", there):
        runs.stop("hier")
        runs.stop("nergens")
        assert here.stop.wished
        assert not there.stop.wished
