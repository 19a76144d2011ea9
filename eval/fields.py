"""Fields of a YAML file that a person wrote, checked one at a time; what is wrong is said with what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml
from rapidfuzz.distance import OSA

from vectorstore.errors import WrongUse

_Name = TypeVar("_Name", bound=StrEnum)


class _Once(yaml.SafeLoader):
    """Reads YAML in which no field stands twice: of two, a reader would take the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The fields of a mapping.

        Raises:
            yaml.constructor.ConstructorError: a field stands in it twice.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands here twice", key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        return super().construct_mapping(node, deep)


def yaml_content(path: Path, example: str) -> object:
    """What a file holds; no fields when it is empty or holds nothing but comments.

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


def listed(path: Path, name: str, example: str) -> list[Any]:
    """The one list that a file holds.

    Args:
        path: a YAML file.
        name: of the list.
        example: a file that is as it should be.

    Raises:
        WrongUse: the file cannot be read, or does not hold one list of that name.
    """
    content = yaml_content(path, example)
    if not isinstance(content, dict) or list(content) != [name] or not isinstance(content[name], list):
        raise WrongUse(f"{path}: must hold one list, {name!r}.", f"See {example}.")
    return list(content[name])


def mapping(value: object, known: frozenset[str], needed: tuple[str, ...], what: str) -> Mapping[str, Any]:
    """A list of fields with known names.

    Raises:
        ValueError: it is something else, has a strange field, or lacks a needed one.
    """
    if isinstance(value, dict) and (strange := sorted(str(name) for name in set(value) - known)):
        raise ValueError(f"{what} has no field {strange[0]!r}: use {', '.join(sorted(known))}")
    return extended(value, known, needed, what)[0]


def extended(
    value: object, known: frozenset[str], needed: tuple[str, ...], what: str
) -> tuple[Mapping[str, Any], list[str]]:
    """A list of fields to which others may have added their own; also the names of those, in order.

    Raises:
        ValueError: it is something else, lacks a needed field, or has one that is nearly spelt as a known one.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{what} must be a list of fields, not {value!r}")
    strange = sorted(str(name) for name in set(value) - known)
    for name in strange:
        if intended := meant(name, known):
            raise ValueError(f"{what} has no field {name!r}: did you mean {intended!r}?")
    if missing := [name for name in needed if name not in value]:
        raise ValueError(f"{what} needs the field {missing[0]!r}: add it")
    return value, strange


def meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that one is a slip of the keyboard away from: in case, or one character in each four of it.

    None when there is none. Characters are added, dropped, changed or swapped with the next (optimal string alignment).
    """
    distances = {each: OSA.distance(name.casefold(), each) for each in known if each != name}
    near = [each for each, distance in distances.items() if distance <= len(each) // 4]
    return min(near, key=lambda each: (distances[each], each), default=None)


def words(fields: Mapping[str, Any], name: str) -> str:
    """A field that holds words.

    Raises:
        ValueError: it holds something else.
    """
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be words, not {value!r}: put it between quotation marks")
    return value


def flag(fields: Mapping[str, Any], name: str, default: bool) -> bool:
    """A field that holds true or false.

    Raises:
        ValueError: it holds something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")
    return value


def number(fields: Mapping[str, Any], name: str, most: float | None = None) -> float:
    """A field that holds a number of 0 or more, and of no more than `most`.

    Raises:
        ValueError: it holds something else.
    """
    value = fields[name]
    allowed = "0 or more" if most is None else f"from 0 to {most:g}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value < 0 or (most is not None and value > most):
        raise ValueError(f"{name} must be a number {allowed}, not {value!r}")
    return float(value)


def count(fields: Mapping[str, Any], name: str) -> int:
    """A field that holds a whole number of 1 or more.

    Raises:
        ValueError: it holds something else.
    """
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more, not {value!r}")
    return value


def items(fields: Mapping[str, Any], name: str) -> list[Any]:
    """A field that holds a list; empty when it is not there.

    Raises:
        ValueError: it holds something else.
    """
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list, not {value!r}: begin each item with '- '")
    return value


def choice(choices: type[_Name], field: str, value: object) -> _Name:
    """A field that holds one of a few names.

    Raises:
        ValueError: it holds something else.
    """
    try:
        return choices(str(value))
    except ValueError:
        raise ValueError(f"{field} cannot be {value!r}: use {', '.join(choices)}") from None
