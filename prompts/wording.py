"""The wording the assistant uses, from `wording.yaml`; the variables of every phrase are checked on load."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

WORDING_FILE = Path(__file__).parent / "wording.yaml"


class Wording:
    """The phrases of one language.

    Args:
        language: "nl" or "en".
        phrases: by name, with their variables in braces.
    """

    def __init__(self, language: str, phrases: Mapping[str, str]) -> None:
        self.language = language
        self._phrases = phrases

    def __call__(self, phrase: str, /, **variables: object) -> str:
        """The phrase of this name with its variables filled in.

        Raises:
            KeyError: there is no such phrase, or it has another variable.
        """
        return self._phrases[phrase].format_map({key: str(value) for key, value in variables.items()})


def variables_of(phrase: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


@lru_cache(maxsize=4)
def load_wording(language: str, path: Path = WORDING_FILE) -> Wording:
    """The wording in one language.

    Raises:
        ValueError: the languages do not have the same phrases with the same variables.
    """
    languages: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    shapes = {name: {key: variables_of(text) for key, text in phrases.items()} for name, phrases in languages.items()}
    for name, shape in shapes.items():
        different = {
            key for key in shape.keys() | shapes[language].keys() if shape.get(key) != shapes[language].get(key)
        }
        if different:
            raise ValueError(f"{path.name}: {language} and {name} differ in {', '.join(sorted(different))}")
    return Wording(language, languages[language])
