"""Phrases: their variables, their forms, and that every one of them is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from prompts.wording import LANGUAGES, TEXTS, load_wording, message, variables_of
from vectorstore.errors import WrongUse

SETS = sorted(path.stem for path in TEXTS.glob("*.yaml"))
MODULES = "".join(path.read_text(encoding="utf-8") for path in sorted(Path("assistant").rglob("*.py")))
TEMPLATES = "".join(path.read_text(encoding="utf-8") for path in sorted(Path("assistant").rglob("*.html")))
COMPOSED = re.compile(
    r"(basis|column|date|failure|fault|filter|kind|limit|outcome|outside|privacy|promise|status|verify|voice|written)_"
    r"|ingest_(prune|rebuild|watch|dry_run)$|\w+_help$|model_refuses_\d"
)
"""Names that are put together of parts in the code."""


def written(folder: Path, text: str) -> Path:
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return folder


def test_both_languages_fill_their_variables() -> None:
    for language in LANGUAGES:
        assert "CRA 1" in load_wording("answers", language)("letter_undated", kind="advies", name="CRA 1")


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_can_be_filled(name: str, language: str) -> None:
    content = load_wording(name, language)
    assert all(text.strip() or key == "limit_separator" for key, text in content.phrases.items())
    for key, text in content.phrases.items():
        assert "{" not in content(key, **dict.fromkeys(variables_of(text), "x"))


@pytest.mark.parametrize("name", SETS)
def test_every_phrase_is_used(name: str) -> None:
    for key in load_wording(name):
        stem = re.sub(r"_(one|many|remedy)$", "", key)
        used = re.search(rf"[\"'.](?:{key}|{stem})\b", MODULES + TEMPLATES)
        assert used or COMPOSED.match(key), f"{key} of {name} is not used"


def test_a_phrase_that_is_asked_for_is_there() -> None:
    chat, messages = load_wording("chat"), load_wording("messages")
    asked = set(re.findall(r"words\.([a-z_]+)", TEMPLATES)) - set(dir(chat))
    assert asked
    assert asked <= set(chat)
    told = set(re.findall(r'(?<!def )\b(?:message|_wrong|_message|unusable)\("(\w+)"', MODULES))
    assert told
    assert told <= set(messages)


def test_a_phrase_is_given_the_variables_that_it_has() -> None:
    checked = 0
    for path in sorted(Path("assistant").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or (shapes := _shapes(call)) is None:
                continue
            given = frozenset(keyword.arg for keyword in call.keywords)
            assert given in shapes, f"{path}:{call.lineno}"
            checked += 1
    assert checked > 30


def _shapes(call: ast.Call) -> list[frozenset[str]] | None:
    """The variables that a call may give: those of its phrase, in each set that has it; None when it fills none."""
    if not call.args or not isinstance(call.args[0], ast.Constant) or any(each.arg is None for each in call.keywords):
        return None
    phrase = call.args[0].value
    match ast.unparse(call.func):
        case "message":
            both = load_wording("messages").phrases
            return [variables_of(both[phrase]) | variables_of(both.get(f"{phrase}_remedy", ""))]
        case "words" | "wording" | "self._say" | "_tell":
            sets = [load_wording(name).phrases for name in SETS]
            return [variables_of(phrases[phrase]) for phrases in sets if phrase in phrases]
    return None


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_wording("answers")("writes", quote="x")


def test_a_phrase_with_variables_is_not_taken_without() -> None:
    with pytest.raises(KeyError):
        load_wording("answers")["writes"]


@pytest.mark.parametrize(("count", "text"), [(0, "0 brieven"), (1, "1 brief"), (2, "2 brieven")])
def test_a_count_has_its_form(count: int, text: str) -> None:
    assert load_wording("answers").plural("letters", count, years="") == text


def test_a_message_comes_with_its_remedy() -> None:
    error = WrongUse(*message("question_too_long", most=7))
    assert (error.problem, error.remedy) == ("Deze vraag is te lang.", "Stel een vraag van hoogstens 7 tekens.")
    assert message("model_without_schemas", model="m") == ("Het chatmodel m kent geen schema's.", "")


def test_a_text_by_itself_is_for_every_language(tmp_path: Path) -> None:
    folder = written(tmp_path, 'a: "{x}!"\n')
    assert {load_wording("own", language, folder)("a", x=1) for language in LANGUAGES} == {"1!"}


@pytest.mark.parametrize(
    "text",
    ['a: {nl: "{x}", en: "{y}"}\n', "a: {nl: x}\n", "a: {nl: x, en: x, fr: x}\n"],
    ids=["variables", "less", "more"],
)
def test_languages_that_differ_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"own\.yaml: a needs"):
        load_wording("own", "nl", written(tmp_path, text))
