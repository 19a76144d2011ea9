from __future__ import annotations

from pathlib import Path

import pytest

from prompts.wording import load_wording


def test_both_languages_fill_their_variables() -> None:
    for language in ("nl", "en"):
        assert "CRA 1" in load_wording(language)("letter_undated", kind="advies", name="CRA 1")


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_wording("nl")("writes", quote="x")


def test_languages_that_differ_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wording.yaml"
    path.write_text('nl: {a: "{x}"}\nen: {a: "{y}"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="a"):
        load_wording("nl", path)
