"""What letters offer to ask about: how a question names each, its subject, its sentences, and words to know them by."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.evidence.sentence_scoring import is_edge
from eval.datasets.corpus import fold
from eval.datasets.questions import ExpectedEvidence
from ingest.language.dates.months import date_in_words
from ingest.language.sentences import sentence_spans
from ingest.links.graph import LinkKind, Links
from ingest.requests.answers import find_answers
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Thesaurus
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Precision, Voice
from vectorstore.search import Archive
from vectorstore.store.store import Store

SPEAKERS: Final[Mapping[Voice, str]] = {Voice.COUNCIL: "de raad", Voice.EXECUTIVE: "het college"}

_NOUNS: Final = {
    Kind.ADVICE: "het advies",
    Kind.INTERIM_ADVICE: "het tussentijdse advies",
    Kind.LETTER: "de brief",
    Kind.REPLY: "de reactie",
    Kind.SUMMARY: "de samenvatting",
    Kind.MINUTES: "het verslag",
}
_WITH_SUBJECT: Final = (Kind.ADVICE, Kind.INTERIM_ADVICE, Kind.LETTER, Kind.REPLY)

_LETTERWORDS = re.compile(
    r"^.*?\b\w*(?:advie[sz]\w*|vra(?:ag|gen)|verzoek|reacties?|brief|antwoord|stand van zaken)(?: (?:van )?(?:het )?college)?"
    r"\s+(?:over|inzake|betreffende|aangaande|op|van|m\.?b\.?t\.?)\s+|^(?:het |uw |ons )?(?:college)?(?:advies|reactie):? ",
    re.I,
)
"""What a subject line says before what the letter is about: "Reactie op uw advies over"."""

_NO_SUBJECT = re.compile(
    r"[^\w\s'’&–-]|\b(?:u|uw|wij|we|ons|onze|adviezen|advies|reactie)\b|(?<!\b(?:19|20)\d\d)[-–]\d|^\d", re.I
)
_QUOTES: Final = "“”‘’„\"'"
ENDS: Final = f" .,;:!?()–-•{_QUOTES}"
_MOST_WORDS, _LEAST_WORDS = 8, 3
_LONGEST_SUBJECT: Final = 8
_SHORTEST_LINE: Final = 6
"""Words from which on a line that ends without a full stop is no heading."""


@dataclass(frozen=True, slots=True)
class Material:
    """The letters of an archive.

    Attributes:
        archive: to look words up in.
        letters: by date.
        texts: of all of them.
        passages: of each letter, by its id.
        subjects: what letters are about, as it can stand after "over", by id; only of those that say so.
        names: how a question names a letter so that no other can be meant, by id; only of those that can be.
        replies: letters of the executive that answer a letter, by its id.
        treated: passages of them that answer one of its requests, by its id.
    """

    archive: Archive
    letters: tuple[Letter, ...]
    texts: str
    passages: Mapping[str, tuple[Passage, ...]]
    subjects: Mapping[str, str]
    names: Mapping[str, str]
    replies: Mapping[str, tuple[Letter, ...]]
    treated: Mapping[str, tuple[Passage, ...]]

    @classmethod
    def of(cls, store: Store, archive: Archive) -> Material:
        """Read the contents of a store.

        Args:
            store: the letters.
            archive: over the same store.
        """
        letters = tuple(sorted(store.letters(), key=lambda letter: (str(letter.date or "9999"), letter.source)))
        texts = "\n".join(letter.text for letter in letters)
        subjects = {one.id: subject for one in letters if (subject := subject_of(one, texts, archive.analyser))}
        with contextlib.closing(Links(None)) as links:
            links.catch_up(store)
            replies = {letter.id: _replies(letter, letters, links) for letter in letters}
            thesaurus = Thesaurus()
            found = {one.id: find_answers(one, links, store, archive.analyser, thesaurus) for one in letters}
        return cls(
            archive,
            letters,
            texts,
            {letter.id: tuple(store.passages_of([letter.id])) for letter in letters},
            subjects,
            _names(letters, subjects),
            replies,
            {
                one: tuple({a.passage.id: a.passage for a in given if a.passage}.values())
                for one, given in found.items()
            },
        )

    def sentences(self, letter: Letter) -> Iterator[tuple[int, int]]:
        """Yield offsets of the sentences between salutation and farewell; none of a table or a heading."""
        for passage in self.passages[letter.id]:
            if is_edge(passage):
                continue
            for line in re.finditer(r"[^\n]+", passage.text):
                heading = len(line[0].split()) < _SHORTEST_LINE and line[0].rstrip()[-1:].isalnum()
                if "|" not in line[0] and not heading:
                    begin = passage.start + line.start()
                    yield from ((begin + start, begin + end) for start, end in sentence_spans(line[0]))

    def evidence(self, letter: Letter, start: int, end: int) -> ExpectedEvidence | None:
        """Return the last words of a stretch, where they stand once in their letter and in one passage; None where not.

        Of a stretch that only leads in what follows, those of the next sentence.
        """
        if letter.text[start:end].endswith(":"):
            start, end = next((span for span in self.sentences(letter) if span[0] >= end), (end, end))
        found = letter.text[start:end].split()
        text = " ".join(found[-_MOST_WORDS:]).strip(ENDS)
        return self.known_by(letter, text) if len(text.split()) >= _LEAST_WORDS else None

    def known_by(self, letter: Letter, text: str) -> ExpectedEvidence | None:
        """Return words of a letter as evidence, where they stand once in it and in one passage; None where not."""
        once = fold(letter.text).count(fold(text)) == 1
        whole = any(fold(text) in fold(passage.text) for passage in self.passages[letter.id])
        return ExpectedEvidence(letter.source, text) if text and once and whole and "|" not in text else None


def in_sentence(title: str, texts: str, analyser: Analyser) -> str:
    """Return a title or heading as it stands within a sentence: its first word in lower case, unless it is a name.

    Args:
        title: of one or more words.
        texts: of all letters.
        analyser: knows the words of the language.
    """
    first = title.split()[0]
    lower = first[0].lower() + first[1:]
    written = re.search(rf"\b{re.escape(lower)}\b", texts) is not None
    name = re.search(rf"[a-zà-ÿ] {re.escape(first)}\b", texts) is not None
    ordinary = written or (analyser.is_listed(lower) and not name)
    return f"{lower}{title[len(first) :]}" if ordinary else title


def subject_of(letter: Letter, texts: str, analyser: Analyser) -> str | None:
    """Return the subject of a letter, as it can stand after "over" in a sentence; None when its subject line has none.

    Args:
        letter: whose subject.
        texts: of all letters.
        analyser: knows the words of the language.
    """
    if letter.kind not in _WITH_SUBJECT:
        return None
    subject, before = " ".join((letter.subject or "").split()), ""
    while subject != before:
        before, subject = subject, _LETTERWORDS.sub("", subject).strip()
    subject = re.sub(r"\s*[‘“\"'].*[’”\"']$", "", subject.partition(",")[0].strip(" .:"))
    count = len(subject.split())
    if not 0 < count <= _LONGEST_SUBJECT or len(subject) < 6 or _NO_SUBJECT.search(subject) or subject.isupper():
        return None
    return in_sentence(subject, texts, analyser)


def date_words(letter: Letter) -> str | None:
    """Return the date of a letter as it says it, as far as it is known to the day or the month; None when it is not."""
    known = letter.date_basis is DateBasis.STATED and letter.date_precision is not Precision.YEAR
    return date_in_words(letter.date, letter.date_precision) if letter.date and known else None


def _names(letters: Sequence[Letter], subjects: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each letter that can be named: by subject, and where another has the same or it has none, by date."""
    short = {one.id: _short(one, subjects.get(one.id)) for one in letters}
    counts = Counter(fold(name) for name in short.values() if name)
    names: dict[str, str] = {}
    for letter in letters:
        name = short[letter.id]
        if name and counts[fold(name)] == 1 and letter.id in subjects:
            names[letter.id] = name
        elif name and (date := date_words(letter)):
            names[letter.id] = f"{name} {'van' if letter.date_precision is Precision.DAY else 'uit'} {date}"
    counts = Counter(map(fold, names.values()))
    return {identifier: name for identifier, name in names.items() if counts[fold(name)] == 1}


def _short(letter: Letter, subject: str | None) -> str | None:
    """Name the sort of a letter, with whose it is and its subject where these tell it from others."""
    noun = _NOUNS.get(letter.kind)
    if noun is None:
        return None
    whose = SPEAKERS.get(letter.author) if letter.kind in (Kind.LETTER, Kind.REPLY) else None
    return " ".join([noun, *([f"van {whose}"] if whose else []), *([f"over {subject}"] if subject else [])])


def _replies(letter: Letter, letters: Sequence[Letter], links: Links) -> tuple[Letter, ...]:
    givers = {link.giver for link in links.to(letter.id) if link.kind is LinkKind.REPLIES}
    return tuple(one for one in letters if one.id in givers and one.author is Voice.EXECUTIVE)
