"""YAML files that a person wrote, checked by pydantic; what is wrong is said with its place and with what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz.distance import OSA

from vectorstore.errors import WrongUse

_Entry = TypeVar("_Entry")

STRICT: Final = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, str_min_length=1, frozen=True)
"""How entries are read: nothing is taken for something else, and no field is passed over."""


class _Once(yaml.SafeLoader):
    """A reader of YAML in which no field stands twice: of two, another would take the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the fields of a mapping.

        Raises:
            yaml.constructor.ConstructorError: a field stands in it twice.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands here twice", key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, example: str) -> object:
    """Return the content of a file; no fields when it is empty or holds nothing but comments.

    Args:
        path: a YAML file.
        example: a file that is as it should be.

    Raises:
        WrongUse: the file cannot be read.
    """
    try:
        content = _Once(path.read_text(encoding="utf-8")).get_single_data()
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise WrongUse(f"{path}: cannot be read as YAML ({error}).", f"Give a file like {example}.") from error
    return {} if content is None else content


def read_list(path: Path, name: str, example: str) -> list[Any]:
    """Return the one list that a file holds.

    Args:
        path: a YAML file.
        name: of the list.
        example: a file that is as it should be.

    Raises:
        WrongUse: the file cannot be read, or does not hold one list of that name.
    """
    content = read_yaml(path, example)
    if not isinstance(content, dict) or list(content) != [name] or not isinstance(content[name], list):
        raise WrongUse(f"{path}: must hold one list, {name!r}.", f"See {example}.")
    return list(content[name])


def check_entries(
    path: Path, rows: Sequence[Any], kind: type[_Entry], noun: str, key: str | None = "id"
) -> tuple[_Entry, ...]:
    """Build an entry of each row of a file.

    Args:
        path: the file, for what is said of it.
        rows: as YAML gives them.
        kind: a dataclass or a model; what it says of itself in a ValueError is passed on.
        noun: what an entry is called.
        key: the field that names an entry, which no other has; None when there is none.

    Raises:
        WrongUse: an entry is wrong; says which, what is wrong with it and what to do.
    """
    adapter = TypeAdapter(tuple[kind, ...], config=STRICT)  # type: ignore[valid-type]
    try:
        entries: tuple[_Entry, ...] = adapter.validate_json(json.dumps(rows, default=str))
    except ValidationError as error:
        place, first = min(
            ((int(each["loc"][0]), each) for each in error.errors()),
            key=lambda item: (item[0], item[1]["type"] not in _STRANGE),
        )
        raise _wrong(path, rows, place, noun, key, _complaint(first, first["loc"][1:], kind, noun)) from error
    except TypeError as error:
        raise WrongUse(f"{path}: a name of a field is no word ({error}).", "Put it between quotation marks.") from error
    names = [getattr(entry, key) for entry in entries] if key else []
    if twice := next((place for place, name in enumerate(names) if name in names[:place]), None):
        raise _wrong(
            path, rows, twice, noun, key, f"its {key} was used before: give it another, or put the two together"
        )
    return entries


def _wrong(path: Path, rows: Sequence[Any], place: int, noun: str, key: str | None, complaint: str) -> WrongUse:
    row, number = rows[place], f" number {place + 1}" if key else ""
    name = f" {row[key]}" if key and isinstance(row, Mapping) and row.get(key) else number
    return WrongUse(f"{path}, {noun}{name}: {complaint}{'' if complaint.endswith('?') else '.'}")


_STRANGE: Final = ("unexpected_keyword_argument", "extra_forbidden")
"""What pydantic calls a field that is not known; where one is misspelt, that is told before that the right one is missing."""


def _complaint(error: ErrorDetails, place: Sequence[int | str], kind: Any, noun: str) -> str:
    """Say what is wrong in words that tell a writer of the file what to do."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in place]
    field, where, given = ".".join(steps) or f"the {noun}", ".".join(steps[:-1]) or f"the {noun}", error["input"]
    match error["type"]:
        case "value_error":
            said = str(error["ctx"]["error"])
            return f"{field}: {said}" if place and _known(kind, place) else said
        case "missing":
            return f"{where} needs the field {place[-1]!r}: add it"
        case strange if strange in _STRANGE:
            return f"{where} has no field {place[-1]!r}: {_remedy(str(place[-1]), _known(kind, place[:-1]))}"
        case "enum":
            allowed = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return f"{field} cannot be {given!r}: use {allowed}"
    form = next((form for types, form in _FORMS.items() if error["type"].startswith(types)), None)
    return f"{field} must be {form.format(given)}" if form else f"{field}: {error['msg']}"


_FORMS: Final[Mapping[tuple[str, ...], str]] = {
    ("string",): "words, not {!r}: put it between quotation marks",
    ("bool",): "true or false, not {!r}",
    ("tuple", "list"): "a list, not {!r}: begin each item with '- '",
    ("dataclass", "model"): "a list of fields, not {!r}",
    ("date",): "a date, not {!r}: write it as 2020-01-30",
    ("int",): "a whole number, not {!r}",
    ("float", "finite"): "a number 0 or more, not {!r}",
}
"""What a field must be, by how the type of an error begins."""


def _remedy(name: str, known: Iterable[str]) -> str:
    intended = closest_name(name, known)
    return f"did you mean {intended!r}?" if intended else f"use {', '.join(sorted(known))}"


def _known(kind: Any, place: Sequence[int | str]) -> Mapping[str, Any]:
    """Return the fields that may stand at a place within an entry."""
    fields = _fields_of(kind)
    for step in place:
        fields = _fields_of(fields[step]) if isinstance(step, str) else fields
    return fields


def _fields_of(hint: Any) -> dict[str, Any]:
    """Return the hints of the fields of the dataclass or model that a type is, or holds; none when it holds neither."""
    names = getattr(hint, "model_fields", None) or getattr(hint, "__dataclass_fields__", None)
    if names and isinstance(hint, type):
        hints = get_type_hints(hint, include_extras=True)
        return {name: hints[name] for name in names}
    return next((found for inner in get_args(hint) if (found := _fields_of(inner))), {})


def closest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that one is a slip of the keyboard away from: in case, or one character in each four of it.

    None when there is none. Characters are added, dropped, changed or swapped with the next (optimal string alignment).
    """
    distances = {each: OSA.distance(name.casefold(), each) for each in known if each != name}
    near = [each for each, distance in distances.items() if distance <= len(each) // 4]
    return min(near, key=lambda each: (distances[each], each), default=None)
