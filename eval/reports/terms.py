"""What figures, kinds of questions and faults are called in Dutch, from templates/terms.yaml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ingest.language.dates.months import date_in_words


@dataclass(frozen=True, slots=True)
class Terms:
    """Dutch words, by the names that the JSON of an evaluation uses; a name without any stands for itself.

    Attributes:
        metrics: of each metric its `name` and what it `means`, one sentence.
        kinds, parts, voices, verdicts, faults: in words.
        written: what came of asking a chat model to write, and why, in words.
        dropped: why a sentence of a chat model was left out, in words.
    """

    metrics: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, str]
    parts: Mapping[str, str]
    voices: Mapping[str, str]
    verdicts: Mapping[str, str]
    faults: Mapping[str, str]
    written: Mapping[str, str]
    dropped: Mapping[str, str]

    def metric(self, name: str) -> str:
        """Return a metric in words; "test found@5" is that of one part."""
        part, _, own = name.rpartition(" ")
        words = self.metrics.get(own, {}).get("name", own)
        return f"{words} (deel {part})" if part else words

    def meaning(self, name: str) -> str:
        """Return the meaning of a metric in one sentence; nothing when that is not written down."""
        return self.metrics.get(name, {}).get("means", "")

    def kind(self, name: str) -> str:
        """Return a kind of question, as in "vragen naar een feit"."""
        return self.kinds.get(name, f"vragen van de soort “{name}”")


@cache
def terms() -> Terms:
    """Return the Dutch words."""
    return Terms(**yaml.safe_load(files("eval.reports").joinpath("templates/terms.yaml").read_text(encoding="utf-8")))


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number as it is written in Dutch, "0,88"; a dash when there is none."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def signed(value: float) -> str:
    """Return a difference in three digits, "+0,012" or "−0,060"; "0" when there is none."""
    return ("+" if value > 0 else "") + figure(float(value), 3) if value else "0"


def day(moment: str) -> str:
    """Return the day of a moment in ISO 8601, as "22 november 2026"."""
    return date_in_words(dt.datetime.fromisoformat(moment).date())
