"""Claims out of the JSON that a chat model writes, each as soon as it is whole."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from assistant.answers.written_answer import Claim, Quote
from prompts.prompt import from_data

SCHEMA: Final[Mapping[str, Any]] = {
    "title": "answer",
    "description": "An answer, sentence by sentence, with what each rests on.",
    "type": "object",
    "additionalProperties": False,
    "required": ["statements"],
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["passages", "text", "quotes"],
                "properties": {
                    "passages": {"type": "array", "items": {"type": "string"}},
                    "text": {"type": "string"},
                    "quotes": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["passage", "words"],
                            "properties": {"passage": {"type": "string"}, "words": {"type": "string"}},
                        },
                    },
                },
            },
        }
    },
}
"""JSON schema of an answer. The passages come first, so that they are known while a sentence is being written."""

LONGEST: Final = 40_000
"""Characters of a reply that are read; no answer is as long."""

_BLANK: Final = 200
"""Spaces and line ends after which nothing more is to be expected of a list that has ended."""

_BEGINS = re.compile(r'"statements"\s*:\s*\[')
_CITED = re.compile(r'"passages"\s*:\s*\[([^\]]*)\]')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BETWEEN = re.compile(r"[\s,]*")
_ENDS = re.compile(r"\s*\]")


class ClaimReader:
    """Reads claims from a reply that comes piece by piece.

    What a model writes around the JSON is passed over, and so is a statement of another shape. Of several lists the last
    counts: the ones before it are what a model that thinks aloud makes up its mind with.
    """

    def __init__(self) -> None:
        self._text = ""
        self._place: int | None = None
        self._ended = False
        self._strange = False

    @property
    def text(self) -> str:
        """Return all of the reply so far."""
        return self._text

    @property
    def has_list(self) -> bool:
        """Return True when there is a list of statements in the reply, be it an empty one."""
        return self._place is not None

    @property
    def has_ended(self) -> bool:
        """Return True when that list has ended."""
        return self._ended

    @property
    def is_malformed(self) -> bool:
        """Return True when there is something of another shape than a statement in that list."""
        return self._strange

    @property
    def is_over(self) -> bool:
        """Return True when nothing more is read, whatever comes."""
        blank = len(self._text) - len(self._text.rstrip())
        return len(self._text) == LONGEST or (self._ended and blank > _BLANK)

    @property
    def unread(self) -> str:
        """Return the rest of a list that has not ended; all of the reply when there is no list, or a strange one. Empty when
        there are no words in it, or nothing is left.
        """
        if self._ended and not self._strange:
            return ""
        left = self._text if self._place is None or self._ended else self._text[self._place :]
        return left if any(sign.isalnum() for sign in left) else ""

    @property
    def cited(self) -> tuple[str, ...]:
        """Return the passages that the statement cites which is being written, as far as they are known."""
        cited = _CITED.search(self._text, self._place) if self._place is not None and not self._ended else None
        return tuple(match[1] for match in _STRING.finditer(cited[1])) if cited else ()

    def read(self, piece: str) -> list[Claim]:
        """Read a piece, and return the claims that are whole with it, in order."""
        self._text = (self._text + piece)[:LONGEST]
        claims = self._read_whole()
        while begins := _BEGINS.search(self._text, self._place or 0):
            self._place, self._ended, self._strange = begins.end(), False, False
            claims += self._read_whole()
        return claims

    def _read_whole(self) -> list[Claim]:
        decoder, claims = json.JSONDecoder(strict=False), []
        while self._place is not None and not self._ended:
            begin = _BETWEEN.match(self._text, self._place).end()  # type: ignore[union-attr]
            if _ENDS.match(self._text, begin):
                self._ended = True
                break
            try:
                value, self._place = decoder.raw_decode(self._text, begin)
            except (ValueError, RecursionError):
                break
            if claim := claim_of(value):
                claims.append(claim)
            self._strange = self._strange or (claim is None and not _is_blank(value))
        return claims


def claim_of(value: object) -> Claim | None:
    """Read a statement of a reply; None when it is of another shape. Quotes without words or passage are left out.

    Passages that only a quote names are cited too. Signs that nobody sees are gone: what is verified is what is read.
    """
    if not isinstance(value, Mapping) or not (text := visible(value.get("text"))):
        return None
    quotes = tuple(
        Quote(visible(each["passage"]), words)
        for each in _as_list(value.get("quotes"))
        if isinstance(each, Mapping) and isinstance(each.get("passage"), str) and (words := visible(each.get("words")))
    )
    cited = [name for each in _as_list(value.get("passages")) if (name := visible(each))]
    return Claim(text, tuple(dict.fromkeys([*cited, *(quote.passage for quote in quotes)])), quotes)


def _is_blank(value: object) -> bool:
    """Return true for a statement that says nothing, as models write one that have to write something."""
    return isinstance(value, Mapping) and isinstance(text := value.get("text"), str) and not text.strip()


def visible(value: object) -> str:
    """Put a text in one line, without signs that cannot be seen or written down: halves of characters, marks that turn
    the direction of writing around, orders to a terminal. Angle brackets are what they were before the model was given them.
    Empty for what is no text.
    """
    if not isinstance(value, str):
        return ""
    kinds = ((sign, unicodedata.category(sign)) for sign in from_data(value))
    seen = (" " if kind == "Cc" else "" if kind in ("Cf", "Cs") else sign for sign, kind in kinds)
    return " ".join("".join(seen).split())


def _as_list(value: object) -> list[Any]:
    """Make a list of what a model gives where one is asked: a list, or one thing by itself."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
