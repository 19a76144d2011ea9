"""The tables beside the tests are read as they are written, and a row that fails is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables import assert_table, failing, items, read_rows


def test_a_dash_is_empty_and_a_new_line_is_escaped(tmp_path: Path) -> None:
    table = tmp_path / "a.tsv"
    table.write_text("text\tdate\none\\ntwo\\\\n\t-\n- -\ta | b\n", "utf-8")
    assert read_rows(table) == [("one\ntwo\\n", ""), ("- -", "a | b")]
    assert [items(cell) for _, cell in read_rows(table)] == [[], ["a", "b"]]


@pytest.mark.parametrize("text", ["text\tdate\n", "text\tdate\none\n", "text\none\ttwo\n"])
def test_a_table_that_is_empty_or_ragged_is_refused(tmp_path: Path, text: str) -> None:
    table = tmp_path / "a.tsv"
    table.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv"):
        read_rows(table)


def test_every_failing_row_is_told(tmp_path: Path) -> None:
    rows = [("1", "1"), ("1", "2"), ("x", "1")]
    denied, broken = failing(rows, lambda left, right: int(left) == int(right))
    assert denied == "('1', '2')"
    assert broken.startswith("('x', '1'): ValueError")
    table = tmp_path / "a.tsv"
    table.write_text("left\tright\n" + "".join(f"{left}\t{right}\n" for left, right in rows), "utf-8")
    with pytest.raises(AssertionError, match=r"0\.333 of 3 rows.*\n\('1', '2'\)\n\('x', '1'\)"):
        assert_table(table, lambda left, right: int(left) == int(right))
    assert_table(table, lambda left, right: int(left) == int(right), floor=0.3)
