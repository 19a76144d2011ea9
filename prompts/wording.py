"""The wording engine: phrases by name from `texts/*.yaml`, in the language that is asked for, with variables in braces.

A file holds a set of phrases. A phrase is a text for each language, or one text for all of them; its variables are
the same in every language, which is checked on load. Names ending in `_one` and `_many` are the forms of a phrase
for a count, and a name ending in `_remedy` says what can be done about what the phrase without it tells.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

TEXTS: Final = Path(__file__).parent / "texts"

LANGUAGES: Final = ("nl", "en")


class Wording:
    """The phrases of one set in one language.

    Args:
        language: "nl" or "en".
        phrases: by name, with their variables in braces.
    """

    def __init__(self, language: str, phrases: Mapping[str, str]) -> None:
        self.language = language
        self.phrases = phrases

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the phrases."""
        return iter(self.phrases)

    def __getitem__(self, phrase: str) -> str:
        """Return a phrase that has no variables.

        Raises:
            KeyError: there is no such phrase, or it has variables.
        """
        return self(phrase)

    def __call__(self, phrase: str, /, **variables: object) -> str:
        """Fill the variables of a phrase.

        Raises:
            KeyError: there is no such phrase, or it has another variable.
        """
        return self.phrases[phrase].format_map({key: str(value) for key, value in variables.items()})

    def plural(self, phrase: str, count: int, /, **variables: object) -> str:
        """Fill a phrase in its form for a count, which is a variable as well.

        Raises:
            KeyError: there is no such phrase, or it has another variable.
        """
        return self(f"{phrase}_one" if count == 1 else f"{phrase}_many", count=count, **variables)


def variables_of(text: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@lru_cache(maxsize=16)
def load_wording(name: str, language: str = LANGUAGES[0], folder: Path = TEXTS) -> Wording:
    """Load a set of phrases in one language.

    Raises:
        ValueError: a phrase lacks a language, or its languages have other variables.
    """
    path = folder / f"{name}.yaml"
    content: dict[str, str | dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = {key: dict.fromkeys(LANGUAGES, both) if isinstance(both, str) else both for key, both in content.items()}
    for key, each in texts.items():
        if each.keys() != set(LANGUAGES) or len(set(map(variables_of, each.values()))) > 1:
            raise ValueError(f"{path.name}: {key} needs a text for {' and '.join(LANGUAGES)}, with the same variables")
    return Wording(language, {key: each[language] for key, each in texts.items()})


def message(phrase: str, /, **variables: object) -> tuple[str, str]:
    """Tell what is wrong, and what to do about it, in words of `texts/messages.yaml`; the second is empty when unknown.

    Raises:
        KeyError: there is no such phrase, or it has another variable.
    """
    wording, remedy = load_wording("messages"), f"{phrase}_remedy"
    return wording(phrase, **variables), wording(remedy, **variables) if remedy in wording else ""
