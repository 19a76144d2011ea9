"""A chat model that says over HTTP what a test lets it say of the passages it is given."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from tests.chat_server import Reply, Request, says

_PASSAGE = re.compile(r'<passage name="(\w+)">(.*?)</passage>', re.S)

Said = Callable[[Callable[[str], str]], object]
"""What a model says, given what finds the name of the passage that holds some words."""


def passages(request: Request) -> dict[str, str]:
    """The texts of the passages that a model was given, by name, in one line each."""
    found = _PASSAGE.findall(request.user)
    return {name: " ".join(html.unescape(re.sub(r"</?words_of[^>]*>", " ", text)).split()) for name, text in found}


def naming(request: Request) -> Callable[[str], str]:
    """Finds the name of the passage that holds some words."""
    given = passages(request)
    return lambda words: next(name for name, text in given.items() if words in text)


def statement(text: str, *names: str, quotes: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """A statement as models write it.

    Args:
        text: what it says.
        names: of the passages it cites.
        quotes: names of passages and words of these.
    """
    listed = [{"passage": name, "words": words} for name, words in quotes]
    return {"passages": list(names), "text": text, "quotes": listed}


def answering(said: Said) -> Callable[[Request], Reply]:
    """A script of a server that answers with these statements as JSON."""
    return lambda request: says(json.dumps({"statements": said(naming(request))}))
