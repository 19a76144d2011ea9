"""Differences between two runs: what is chance and what is not, and which questions broke."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.comparison.differences import Cited, Outcome, differences, find_changes


def outcomes(count: int, **scores: float) -> dict[str, Outcome]:
    """As many questions with the same scores."""
    cited = Cited("brief.txt", 3, 9, "council")
    return {f"q{n}": Outcome(f"asked {n}", True, "nl", dict(scores), (cited,)) for n in range(count)}


def scored(before: dict[str, Outcome], metric: str, value: float, questions: range) -> dict[str, Outcome]:
    """The same, with another score for some of the questions."""
    names = {f"q{n}" for n in questions}
    return {
        name: replace(outcome, scores=outcome.scores | {metric: value}) if name in names else outcome
        for name, outcome in before.items()
    }


@pytest.mark.parametrize(
    ("fell", "rose", "verdict"),
    [
        (0, 0, "same"),
        (1, 0, "noise"),
        (2, 0, "noise"),
        (3, 3, "noise"),
        (10, 0, "worse"),
        (12, 2, "worse"),
        (0, 10, "better"),
        (2, 12, "better"),
    ],
)
def test_of_a_hundred_questions_so_many_fell_and_rose(fell: int, rose: int, verdict: str) -> None:
    before = scored(outcomes(100, cited=1.0), "cited", 0.0, range(50, 50 + rose))
    after = scored(scored(before, "cited", 0.0, range(fell)), "cited", 1.0, range(50, 50 + rose))
    found = differences(before, after)["cited"]
    assert found.verdict == verdict
    assert found.after - found.before == pytest.approx((rose - fell) / 100)
    assert found.low <= found.after - found.before <= found.high


def test_more_false_refusals_are_worse() -> None:
    before = outcomes(100, false_refusals=0.0)
    after = scored(before, "false_refusals", 1.0, range(10))
    assert differences(before, after)["false_refusals"].verdict == "worse"
    assert differences(after, before)["false_refusals"].verdict == "better"
    broke, mended = find_changes(before, after)
    assert [changed.id for changed in broke] == [f"q{n}" for n in range(10)]
    assert mended == ()


def test_one_quotation_in_a_hundred_that_is_not_in_the_letter_is_worse() -> None:
    before = outcomes(100, quote_validity=1.0)
    after = scored(before, "quote_validity", 0.8, range(1))
    assert differences(before, after)["quote_validity"].verdict == "worse"


def test_a_wrong_quotation_where_nothing_was_quoted_before_is_worse() -> None:
    before = outcomes(50, cited=0.0)
    after = scored(before, "quote_validity", 0.5, range(1))
    assert differences(before, after)["quote_validity"].verdict == "worse"
    assert [changed.metrics for changed in find_changes(before, after)[0]] == [("quote_validity",)]


def test_a_metric_is_compared_over_the_questions_that_have_it_in_both() -> None:
    before = scored(outcomes(4, cited=1.0), "voice", 1.0, range(2))
    after = scored(outcomes(4, cited=1.0), "voice", 0.0, range(1, 4))
    assert (differences(before, after)["voice"].before, differences(before, after)["voice"].after) == (1.0, 0.0)


def test_the_precision_of_refusals_is_not_compared_question_by_question() -> None:
    assert differences(outcomes(3, refusal_precision=1.0), outcomes(3, refusal_precision=1.0)) == {}


def test_a_question_that_broke_in_one_thing_is_not_mended_by_another() -> None:
    before = outcomes(1, cited=1.0, facts=0.0)
    broke, mended = find_changes(before, outcomes(1, cited=0.0, facts=1.0))
    assert [(changed.id, changed.metrics) for changed in broke] == [("q0", ("cited",))]
    assert mended == ()


def test_a_lower_place_alone_breaks_nothing() -> None:
    before, after = outcomes(30, **{"nDCG@10": 1.0}), outcomes(30, **{"nDCG@10": 0.6})
    assert differences(before, after)["nDCG@10"].verdict == "worse"
    assert find_changes(before, after) == ((), ())


def test_a_question_that_was_put_otherwise_is_not_compared() -> None:
    before = outcomes(2, cited=1.0)
    after = {**outcomes(2, cited=0.0), "q0": Outcome("asked otherwise", True, "nl", {"cited": 0.0}, ())}
    assert differences(before, after)["cited"].before == 1.0
    assert [changed.id for changed in find_changes(before, after)[0]] == ["q1"]
