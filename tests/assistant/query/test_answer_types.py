"""What sort of thing a question asks for, and whether a sentence has one."""

from __future__ import annotations

from pathlib import Path

from assistant.query.answer_types import Wanted, find_wanted, shows
from assistant.query.language import Wording
from tests.tables import assert_table, items

HERE = Path(__file__).parent


def test_a_question_wants_what_it_asks_for() -> None:
    assert_table(HERE / "wanted.tsv", lambda question, sorts: find_wanted(Wording(question)) == set(items(sorts)))


def test_a_sentence_has_it_or_has_not() -> None:
    assert_table(
        HERE / "shown.tsv", lambda sort, has, has_not: shows(Wanted(sort), has) and not shows(Wanted(sort), has_not)
    )
