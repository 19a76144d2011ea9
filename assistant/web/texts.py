"""The chat's own words, in Dutch and English, from texts.yaml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from assistant.answers import Language
from vectorstore.letters import Precision


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes:
        language: which.
        entries: the words by key.
    """

    language: Language
    entries: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.entries[key]

    def fill(self, key: str, **values: object) -> str:
        """The words of `key` with values for its {names}."""
        return self.entries[key].format(**values)

    def counted(self, key: str, count: int, **values: object) -> str:
        """The words of `key` for that many: `key_one` for 1, `key_many` for any other number."""
        return self.fill(f"{key}_one" if count == 1 else f"{key}_many", count=count, **values)

    def date(self, date: dt.date, precision: Precision = Precision.DAY) -> str:
        """A date in full, "30 januari 2020", as much of it as is known."""
        month = self.entries["months"].split()[date.month - 1] if precision is not Precision.YEAR else ""
        day = date.day if precision is Precision.DAY else ""
        return " ".join(self.fill("date_form", day=day, month=month, year=date.year).split())


@cache
def words(language: Language) -> Words:
    """The words of a language.

    Raises:
        KeyError: an entry of texts.yaml lacks the language.
    """
    entries = yaml.safe_load(files(__package__).joinpath("texts.yaml").read_text(encoding="utf-8"))
    return Words(language, {key: both[language.value] for key, both in entries.items()})
