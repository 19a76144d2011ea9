"""What was read of a letter beside what its labels say: one finding for each thing compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eval.datasets.labels import LabelledLetter, LabelledReference, LabelledRequest, Naming
from eval.datasets.questions import ExpectedEvidence
from eval.datasets.spans import Span, find_words, match_spans, overlap
from vectorstore.letters import Letter, Passage, Signatory

READ, VOICE, QUOTED_FROM, FUNCTIONS = "read", "voice", "quoted_from", "functions"
UNRESOLVED, REQUESTS, ANSWERS = "unresolved", "requests", "answers"
PASSAGE, REPLY, NOTHING = "a passage", "a reply", "nothing"
"""What became of a request: a passage treats it, a reply does not, no letter replies."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was compared.

    Attributes:
        measure: what sort of thing.
        source: the letter.
        about: words of the letter, or empty.
        expected: what the label says; None when there is no label, so that nothing should have been found.
        got: what was read; None when nothing was.
        right: whether they agree.
    """

    measure: str
    source: str
    about: str
    expected: str | None
    got: str | None
    right: bool


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """What the archive found to have become of a request.

    Attributes:
        request: where it stands.
        replies: sources of the letters that reply.
        passage: what treats it, None when nothing does.
    """

    request: Span
    replies: frozenset[str]
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter as the archive has it.

    Attributes:
        letter: as stored.
        named: the letters it was found to name, by how and by their source; a letter with several has one for each.
        unresolved: where it names a letter that was not found.
        answers: what became of its requests.
        sources: of every letter of the archive, the files that hold its text, by letter id.
    """

    letter: Letter
    named: tuple[tuple[Naming, frozenset[str]], ...]
    unresolved: tuple[Span, ...]
    answers: tuple[RequestOutcome, ...]
    sources: Mapping[str, frozenset[str]]


def compare(label: LabelledLetter, read: ReadLetter | None) -> Iterator[Finding]:
    """Compare a letter with its labels; `read` is None when it could not be read."""
    yield Finding(READ, label.source, "", "letter", "letter" if read else None, read is not None)
    for name, expected in label.facts.items():
        yield from _fact(label.source, name, expected, read)
    yield from _voices(label, read.letter if read else None)
    if label.references is not None:
        yield from _links(label.source, label.references, read)
        yield from _unresolved(label.source, label.references, read)
    if label.requests is not None:
        yield from _requests(label.source, label.requests, read)


def _words(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").casefold()))


def _same(one: str | None, other: str | None) -> bool:
    """Check that two texts have the same words, or one has those of the other."""
    a, b = f" {_words(one)} ", f" {_words(other)} "
    return (a in b or b in a) if a.strip() and b.strip() else a == b


def _fact(source: str, name: str, expected: Any, read: ReadLetter | None) -> Iterator[Finding]:
    if read is None:
        for measure in ("signatories", FUNCTIONS) if name == "signatories" and expected else (name,):
            yield Finding(measure, source, "", _shown(expected), "not read", False)
        return
    got: Any = getattr(read.letter, name) if name != "also" else tuple(read.sources[read.letter.id] - {source})
    if name == "also":
        yield Finding(name, source, "", _shown(expected), _shown(got), set(expected) == set(got))
    elif name == "signatories":
        yield from _signatories(source, expected, got)
    else:
        yield Finding(name, source, "", _shown(expected), _shown(got), _agrees(name, expected, got))


def _agrees(name: str, expected: Any, got: Any) -> bool:
    if name in ("reference", "your_reference"):
        return _words(expected).replace(" ", "") == _words(got).replace(" ", "")
    if name == "copies":
        return all(any(_same(a, b) for b in got) for a in expected) and all(
            any(_same(a, b) for a in expected) for b in got
        )
    if name in ("sender", "addressee"):
        return any(_same(item, got) for item in expected) if expected else got is None
    return _words(_shown(expected)) == _words(_shown(got))


def _signatories(source: str, expected: tuple[Signatory, ...], got: tuple[Signatory, ...]) -> Iterator[Finding]:
    functions = {_words(one.name): one.function for one in got}
    right = {_words(one.name) for one in expected} == set(functions)
    yield Finding("signatories", source, "", _shown(expected), _shown(got), right)
    for one in expected:
        function = functions.get(_words(one.name))
        yield Finding(FUNCTIONS, source, one.name, one.function, function, _same(one.function, function))


def _shown(value: Any) -> str | None:
    if isinstance(value, Signatory):
        return f"{value.name} ({value.function})" if value.function else value.name
    if isinstance(value, tuple):
        return "; ".join(str(_shown(item)) for item in value) or None
    return None if value is None else str(value)


def _place(words: str, letter: Letter) -> Span:
    return next(iter(find_words(words, letter)), (0, 0))


def _voices(label: LabelledLetter, letter: Letter | None) -> Iterator[Finding]:
    for spoken in label.voices:
        place = _place(spoken.text, letter) if letter else (0, 0)
        got = letter.voice_at(*place) if letter and place[1] else None
        yield Finding(VOICE, label.source, spoken.text, spoken.voice.value, got, got is spoken.voice)
        if spoken.quoted_from:
            utterance = letter.utterance_at(*place) if letter and place[1] else None
            origin = utterance.quoted_from if utterance else None
            right = _same(spoken.quoted_from, origin)
            yield Finding(QUOTED_FROM, label.source, spoken.text, spoken.quoted_from, origin, right)


def _links(source: str, labels: tuple[LabelledReference, ...], read: ReadLetter | None) -> Iterator[Finding]:
    given = read.named if read else ()
    for kind in Naming:
        counted = {item.to: item for item in labels if item.kind is kind and item.to and not item.optional}
        for to, item in counted.items():
            found = any(to in sources for how, sources in given if kind in (how, Naming.NAMES))
            yield Finding(kind, source, item.text, to, to if found else None, found)
        allowed = {item.to for item in labels if item.kind is kind or kind is Naming.NAMES}
        for sources in dict.fromkeys(sources for how, sources in given if how is kind):
            if not allowed & sources:
                yield Finding(kind, source, "", None, min(sources), False)


def _unresolved(source: str, labels: tuple[LabelledReference, ...], read: ReadLetter | None) -> Iterator[Finding]:
    unknown = [item for item in labels if item.to is None or item.optional]
    spans = [_place(item.text, read.letter) for item in unknown] if read else []
    found = read.unresolved if read else ()
    for number, item in enumerate(unknown):
        right = any(overlap(spans[number], span) for span in found) if spans else False
        if not item.optional:
            yield Finding(UNRESOLVED, source, item.text, "unresolved", "unresolved" if right else None, right)
    for start, end in found:
        if read and not any(overlap((start, end), span) for span in spans):
            yield Finding(UNRESOLVED, source, read.letter.text[start:end], None, "unresolved", False)


def _requests(source: str, labels: tuple[LabelledRequest, ...], read: ReadLetter | None) -> Iterator[Finding]:
    letter = read.letter if read else None
    spans = [(asked.start, asked.end) for asked in letter.requests] if letter else []
    pairs = match_spans([_place(item.text, letter) for item in labels], spans) if letter else {}
    for number, item in enumerate(labels):
        found = number in pairs.values()
        if not item.optional:
            yield Finding(REQUESTS, source, item.text, "request", "request" if found else None, found)
        if item.judged:
            span = next((spans[i] for i, label in pairs.items() if label == number), None)
            yield _answer(source, item, span, read)
    for number, (start, end) in enumerate(spans):
        if letter and number not in pairs:
            yield Finding(REQUESTS, source, letter.text[start:end], None, "request", False)


def _answer(source: str, asked: LabelledRequest, span: Span | None, read: ReadLetter | None) -> Finding:
    expected = PASSAGE if asked.answered_by else REPLY if asked.reply else NOTHING
    answer = next((answer for answer in read.answers if answer.request == span), None) if read else None
    if answer is None or read is None:
        return Finding(ANSWERS, source, asked.text, expected, None, False)
    got = PASSAGE if answer.passage else REPLY if answer.replies else NOTHING
    right = got == expected and {
        PASSAGE: any(_treats(answer.passage, evidence, read) for evidence in asked.answered_by),
        REPLY: asked.reply in answer.replies,
        NOTHING: True,
    }.get(expected, False)
    return Finding(ANSWERS, source, asked.text, expected, got, right)


def _treats(passage: Passage | None, evidence: ExpectedEvidence, read: ReadLetter) -> bool:
    if passage is None or evidence.source not in read.sources.get(passage.letter.id, frozenset()):
        return False
    return overlap(_place(evidence.text or "", passage.letter), (passage.start, passage.end))


def find_missing(label: LabelledLetter, letter: Letter) -> Iterator[str]:
    """Yield the labelled words that do not stand in a letter, or stand there more than once, each with what to do about it."""
    for words in dict.fromkeys(label.texts):
        found = find_words(words, letter)
        if not found:
            yield f"{label.source} does not say {words!r}: correct 'text'"
        elif len(found) > 1:
            yield f"{label.source} says {words!r} {len(found)} times: give more of the words"
