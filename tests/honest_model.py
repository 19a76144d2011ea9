"""Scripted chat models that read their prompt: one quotes what it was given, the other mixes in what it made up.

    with chat_server(honest) as server: ...

Both answer whatever they are asked: for an answer, for a question that stands alone (which they leave as it was), or for a
verdict on an answer (which they find good).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag

from assistant.answers.written_answer import Fault
from tests.chat_server import Reply, Request, says_json, streams

QUOTED = 4
"""Most sentences in an honest answer."""

_PIECE = 120
"""Characters that come at once."""

_CONTEXT = 0.5
"""What a word of the question counts that stands in the passage or above it, beside one in the sentence itself."""

_ENOUGH = 0.7
"""Share of the worth of the best sentence from which another is quoted too."""

_KNOWN = re.compile(r"raad|college|council|executive")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-ZÀ-Þ])")
_QUOTES = re.compile('[“”„"«»‘]')
_ENGLISH = re.compile(r"\b(?:the|what|who|which|how|did|does|when|why)\b", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in a prompt.

    Attributes:
        passage: the name of the passage it stands in.
        speaker: whose words it is, as the prompt calls them.
        text: on one line.
        around: the passage and what is told of its letter.
    """

    passage: str
    speaker: str
    text: str
    around: str = ""


def honest(request: Request) -> Reply:
    """Quotes sentences of the passages that have most words of the question, each with its speaker."""
    return _left_as_it_is(request) or _answering(_quoting(sentence, request) for sentence in _telling(request))


def dishonest(request: Request) -> Reply:
    """The honest answer, with a sentence that is wrong after each, every time in another way."""
    return _left_as_it_is(request) or _answering(
        statement
        for number, sentence in enumerate(_telling(request))
        for statement in (_quoting(sentence, request), _spoilt(number, sentence, request))
    )


SPOILT = (Fault.UNKNOWN_PASSAGE, Fault.QUOTATION, Fault.UNSUPPORTED, Fault.UNCITED)
"""What is wrong with the sentences that the dishonest model makes up, in turn."""

_MADE_UP = "Overigens is de maan van groene kaas en wonen er olifanten in de fontein."
_MADE_UP_IN_ENGLISH = "By the way the moon is made of green cheese and elephants live in the fountain."


def _spoilt(number: int, sentence: Sentence, request: Request) -> dict[str, object]:
    fault = SPOILT[number % len(SPOILT)]
    made_up = _MADE_UP_IN_ENGLISH if _is_english(request) else _MADE_UP
    if fault is Fault.UNKNOWN_PASSAGE:
        return _quoting(sentence, request) | {"passages": ["zzzzz"]}
    if fault is Fault.QUOTATION:
        first, *words = sentence.text.split(" ")
        return _quoting(Sentence(sentence.passage, sentence.speaker, " ".join([first, "olifant", *words])), request)
    return {"passages": [sentence.passage] if fault is Fault.UNSUPPORTED else [], "text": made_up, "quotes": []}


def _left_as_it_is(request: Request) -> Reply | None:
    """The reply to a request for something else than an answer."""
    read = BeautifulSoup(request.user, "html.parser")
    if numbered := read.select("answer > statement"):
        verdicts = [{"number": int(str(one["number"])), "supported": True} for one in numbered]
        return says_json({"why": "Het staat er.", "statements": verdicts, "answers": True})
    return says_json({"question": _question(request)}) if read.find("earlier") else None


def _answering(statements: Iterable[dict[str, object]]) -> Reply:
    text = json.dumps({"statements": list(statements)}, ensure_ascii=False)
    return streams(text[place : place + _PIECE] for place in range(0, len(text), _PIECE))


def _quoting(sentence: Sentence, request: Request) -> dict[str, object]:
    """A statement that quotes a sentence; who speaks is only said where the prompt knows."""
    english = _is_english(request)
    if _KNOWN.search(sentence.speaker):
        said = f"{sentence.speaker[0].upper()}{sentence.speaker[1:]} {'writes' if english else 'schrijft'}"
    else:
        said = "The letter says" if english else "In de brief staat"
    return {
        "passages": [sentence.passage],
        "text": f"{said}: “{sentence.text}”",
        "quotes": [{"passage": sentence.passage, "words": sentence.text}],
    }


def _telling(request: Request) -> list[Sentence]:
    """The sentences that have most of the question's rare words, also around them, in the order of the passages."""
    question = _question(request)
    sentences = list(dict.fromkeys(sentences_in(request)))
    common = Counter(stem for sentence in sentences for stem in _stems(sentence.text))
    rarity = {stem: math.log(1 + len(sentences) / common[stem]) for stem in _stems(question) if common[stem]}
    worth = {
        sentence: sum(rarity[stem] for stem in _stems(sentence.text) & rarity.keys())
        + sum(_CONTEXT * rarity[stem] for stem in _stems(sentence.around) & rarity.keys())
        for sentence in sentences
    }
    best = sorted(sentences, key=lambda sentence: -worth[sentence])[:QUOTED]
    return [sentence for sentence in sentences if sentence in best and worth[sentence] >= _ENOUGH * worth[best[0]]]


def sentences_in(request: Request) -> Iterator[Sentence]:
    """The sentences of the passages in a prompt that are worth quoting: whole, and without quotation marks in them."""
    for passage in BeautifulSoup(request.user, "html.parser").find_all("passage"):
        author, text = passage.find("written_by"), passage.find("text")
        if author is None or text is None:
            continue
        for stretch in text.children:
            speaker = str(stretch["speaker"]) if isinstance(stretch, Tag) else author.get_text()
            said = stretch.get_text() if isinstance(stretch, Tag | NavigableString) else ""
            for paragraph in said.split("\n\n"):
                for sentence in _SENTENCE.split(" ".join(paragraph.split())):
                    if len(sentence.split()) > 5 and sentence[-1] in ".?!" and not _QUOTES.search(sentence):
                        yield Sentence(str(passage["name"]), speaker, sentence, passage.get_text())


def _stems(text: str) -> set[str]:
    return {word[:6].casefold() for word in re.findall(r"\w+", text) if len(word) > 3}


def _question(request: Request) -> str:
    return BeautifulSoup(request.user, "html.parser").find_all("question")[-1].get_text().strip()


def _is_english(request: Request) -> bool:
    return bool(_ENGLISH.search(_question(request)))
