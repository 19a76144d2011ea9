"""One answer at a time in a conversation, whatever is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from assistant.answers.answer import Language
from assistant.web.sessions import Run, Runs
from assistant.web.state import Failure, Turn
from tests.waiting import PATIENCE, until

TURNS = (Turn(1, "Wat zei de raad?", Failure("question_missing")),)


def run(question: str) -> Run:
    return Run(question, Language.DUTCH)


class Asking:
    """Questions asked of one conversation from several threads."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.runs = Runs()
        self.waiting: list[Run] = []
        self._pool = pool

    def meanwhile(self, asked: Run) -> Future[bool]:
        """Ask something that has to wait, and go on once it does."""
        self.waiting.append(asked)
        begun = self._pool.submit(self.runs.begin, "hier", asked)
        assert until(lambda: self.runs._next.get("hier") is asked)
        return begun


@pytest.fixture
def asking() -> Iterator[Asking]:
    with ThreadPoolExecutor() as pool:
        made = Asking(pool)
        yield made
        for each in made.waiting:
            each.settle(elsewhere=True)


def test_a_run_comes_after_the_one_before_it_which_is_stopped_and_goes_on_where_that_ended(asking: Asking) -> None:
    runs, first, second = asking.runs, run("een"), run("twee")
    assert runs.begin("hier", first)
    begun = asking.meanwhile(second)
    assert until(lambda: first.cancel_token.cancelled)
    assert not second.cancel_token.cancelled
    assert runs.of("hier") is first
    first.turns = TURNS
    assert runs.take("hier") is second
    assert not begun.result(PATIENCE)
    assert runs.of("hier") is second
    assert second.turns == TURNS
    assert runs.take("hier") is None
    assert runs.of("hier") is None


def test_of_several_that_are_asked_meanwhile_the_last_comes_next(asking: Asking) -> None:
    runs, last = asking.runs, run("drie")
    assert runs.begin("hier", run("een"))
    second, third = asking.meanwhile(run("twee")), asking.meanwhile(last)
    assert not second.result(PATIENCE)
    assert runs.take("hier") is last
    assert not third.result(PATIENCE)
    assert runs.take("hier") is None


def test_a_conversation_that_was_begun_anew_leaves_no_turns_to_the_next_run(asking: Asking) -> None:
    runs, first, second = asking.runs, run("een"), run("twee")
    assert runs.begin("hier", first)
    first.turns, first.cleared = TURNS, True
    asking.meanwhile(second)
    assert runs.take("hier") is second
    assert second.turns == ()


def test_a_run_that_waits_for_one_that_is_given_up_is_answered_by_who_asked_it(asking: Asking) -> None:
    runs, first, second = asking.runs, run("een"), run("twee")
    assert runs.begin("hier", first)
    begun = asking.meanwhile(second)
    runs.give_up("hier")
    assert begun.result(PATIENCE)
    assert runs.of("hier") is second
    assert first.cancel_token.cancelled
    assert not second.cancel_token.cancelled


def test_what_was_not_answered_when_it_was_given_up_is_no_part_of_the_conversation(asking: Asking) -> None:
    runs, first, second = asking.runs, run("een"), run("twee")
    assert runs.begin("hier", first)
    first.turns = (*TURNS, Turn(2, "een"))
    asking.meanwhile(second)
    runs.give_up("hier")
    assert second.turns == TURNS


@pytest.mark.parametrize("cleared", [True, False])
def test_what_waits_is_dropped_when_all_is_stopped(asking: Asking, cleared: bool) -> None:
    runs, first = asking.runs, run("een")
    assert runs.begin("hier", first)
    begun = asking.meanwhile(run("twee"))
    runs.stop("hier", cleared=cleared)
    assert not begun.result(PATIENCE)
    assert first.cancel_token.cancelled
    assert first.cleared is cleared
    assert runs.take("hier") is None


def test_what_waits_is_answered_in_the_language_that_the_page_has_by_then(asking: Asking) -> None:
    runs, second = asking.runs, run("twee")
    assert not runs.speak("hier", Language.ENGLISH)
    assert runs.begin("hier", run("een"))
    asking.meanwhile(second)
    assert runs.speak("hier", Language.ENGLISH)
    assert runs.take("hier") is second
    assert second.language is Language.ENGLISH


def test_stopping_reaches_one_conversation_only() -> None:
    runs, here, there = Runs(), run("een"), run("twee")
    assert runs.begin("hier", here)
    assert runs.begin("daar", there)
    runs.stop("hier")
    runs.stop("nergens")
    assert here.cancel_token.cancelled
    assert not there.cancel_token.cancelled
