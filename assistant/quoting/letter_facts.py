"""What is asked about a letter itself: its kenmerk, date, addressee, signatories, and where in the letter these stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence.coverage import Matcher, TextReader, Weighed
from assistant.query.understanding import LetterFact, Question
from ingest.language.courtesies import SIGNED
from vectorstore.letters import Letter, Voice
from vectorstore.search import Hit

_LINES: dict[LetterFact, re.Pattern[str]] = {
    LetterFact.REFERENCE: re.compile(
        r"^(?!uw\b)(?:(?:ons|onze)\s+)?(?:kenmerk|referentie|zaaknummer|briefnummer)\b.*$", re.I | re.M
    ),
    LetterFact.DATE: re.compile(
        r"^(?:datum\b.*|[A-Z][\w' -]{1,40}, \d{1,2} \w+ \d{4}.*|\d{1,2} \w+ \d{4})$", re.I | re.M
    ),
    LetterFact.ADDRESSEE: re.compile(r"^aan\b.*(?:\nt\.?a\.?v\.?.*)?$", re.I | re.M),
    LetterFact.SIGNATORY: SIGNED,
}


_HEAD_LINE = re.compile(r"^(?:onderwerp|betreft|betreffende|inzake|betr\.?)\b.*$|^\S.*$", re.I | re.M)

_FITTING = 0.36
"""Coverage of a question by what a letter says of itself, for the letter to be the one that is meant."""

_OPENING = 400
"""Characters in which a letter says what it is."""

_KIND = 0.3
_SPEAKER = 0.2
_YEAR = 0.2
"""Coverage that a letter is ahead of others when it is of the kind, the author or the year that is asked for."""


def meant(question: Question, weighed: Weighed, reader: TextReader, hits: Sequence[Hit]) -> list[Letter]:
    """Return the letters that a question about a letter may mean, likeliest first.

    Args:
        question: what is asked.
        weighed: its content words.
        reader: gives the words of texts.
        hits: passages found, best first.
    """
    letters = list({hit.passage.letter.id: hit.passage.letter for hit in hits}.values())
    matcher = Matcher(weighed)
    scores = {letter.id: _likeness(question, matcher, reader, letter) for letter in letters}
    sure = bool(question.filters.letter or question.role)
    fitting = [letter for letter in letters if sure or scores[letter.id] >= _FITTING]
    fitting = [letter for letter in fitting if letter.kind in question.kinds] or fitting
    return sorted(fitting, key=lambda letter: -scores[letter.id])


def _likeness(question: Question, matcher: Matcher, reader: TextReader, letter: Letter) -> float:
    said = f"{letter.subject or ''}\n{letter.reference or ''}\n{letter.source}\n{letter.sender or ''}\n{letter.text[:_OPENING]}"
    score = matcher.coverage(matcher.found_in(reader.words_of(said)))
    if letter.kind in question.kinds:
        score += _KIND
    if question.voice is not None and letter.author is not Voice.UNKNOWN:
        score += _SPEAKER if letter.author is question.voice else -_SPEAKER
    if letter.date and str(letter.date.year) in question.standalone.text:
        score += _YEAR
    return score


def place_of(asked: LetterFact, role: str | None, letter: Letter) -> tuple[int, int] | None:
    """Start and end of the words of a letter that say what is asked of it, None when neither it nor its fields do.

    Args:
        asked: what about the letter.
        role: the office of the signatory that is asked for, if only one is.
        letter: where to look.
    """
    wanted = re.compile(rf"\b{role}", re.I) if role else None
    matches = [match for match in _LINES[asked].finditer(letter.text) if not wanted or wanted.search(match[0])]
    known = [value for value in _values(asked, letter) if not wanted]
    told = [match for match in matches if not known or any(_holds(match[0], value) for value in known)]
    if told:
        return (told[-1] if asked is LetterFact.SIGNATORY else told[0]).span()
    stated = next((span for value in known if (span := _line_with(letter, value))), None)
    if stated or not known:
        return stated or (matches[0].span() if matches else None)
    head = _HEAD_LINE.search(letter.text)
    return head.span() if head and asked in (LetterFact.REFERENCE, LetterFact.DATE) else None


def _values(asked: LetterFact, letter: Letter) -> list[str]:
    """Return what is known of a letter that answers, in the words it may have used."""
    if asked is LetterFact.REFERENCE:
        return [letter.reference] if letter.reference else []
    if asked is LetterFact.SIGNATORY:
        return [signatory.name for signatory in letter.signatories]
    if asked is LetterFact.ADDRESSEE:
        return [letter.addressee] if letter.addressee else []
    return [str(letter.date.year)] if letter.date else []


def _holds(text: str, value: str) -> bool:
    return " ".join(value.split()).casefold() in " ".join(text.split()).casefold()


def _line_with(letter: Letter, value: str) -> tuple[int, int] | None:
    """Return the first line in which a value stands; a year counts only where a letter says what it is."""
    words = r"\s+".join(map(re.escape, value.split()))
    matches = list(re.finditer(rf"^[^\n]*{words}[^\n]*$", letter.text, re.I | re.M))
    if value.isdigit():
        matches = [match for match in matches if match.start() < _OPENING]
    return matches[0].span() if matches else None
