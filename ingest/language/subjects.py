"""The parties that a sentence names as those who may say something in it, by looking up each word in the lexicon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.language.lexicon import read_rows
from ingest.language.parties import COUNCIL
from ingest.language.tokens import Tokens, tokens_of
from vectorstore.letters import Voice

_USES: Final = ("subject", "people", "paper")
_SOME: Final = frozenset(
    "een sommige enkele veel vele meerdere diverse verschillende andere aantal meeste twee drie vier vijf zes zeven acht "
    "negen tien twaalf".split()
)
_OF_COUNCILS: Final = frozenset({"de", "uw", "onze", "jullie", "het"})
_YOURS: Final = frozenset({"uw", "jullie", "je", "jouw"})
_ARTICLES: Final = frozenset({"de", "het", "een", "onze"})
_NO_ADJECTIVE: Final = frozenset("van uit met in bij op aan door voor dat die en of".split())
_EXECUTIVES: Final = frozenset({"gemeente", "college", "wethouder", "burgemeester", "afdeling", "dienst", "sociale"})
_QUOTED: Final = re.compile(r" (?:[‘“\"'])[^‘’'“”\"\n]{3,60}[’'”\"]")
_SHORTEST_END: Final = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A party that a sentence names.

    Attributes:
        voice: whose words it would be.
        use: how it is listed: a subject, people, a paper.
        first, noun, end: indices of its first word, behind its noun, and behind the name that follows.
        yours: "uw", "jullie" or "je" stands before it.
        hesitant: it is that party only where a verb of saying follows at once.
    """

    voice: Voice
    use: str
    first: int
    noun: int
    end: int
    yours: bool = False
    hesitant: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name of the lexicon, and what may stand before and must stand behind it."""

    voice: Voice
    use: str
    words: tuple[str, ...]
    before: frozenset[str]
    adjectives: int
    named: bool
    hesitant: bool

    def allows(self, before: str, adjectives: int) -> bool:
        some = "some" in self.before and before.isdigit()
        return adjectives <= self.adjectives and (before in self.before or some)


class Subjects:
    """The parties of the lexicon by their words."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._whole: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._compounds: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._before: set[str] = set(_OF_COUNCILS)
        for side, uses, before, names in rows:
            for use in set(_USES).intersection(uses.split()):
                for entry in _entries(side, use, before, names):
                    table = self._compounds if entry.words[0].startswith("*") else self._whole
                    table[entry.words[0].lstrip("*")].append(entry)
                    self._before |= entry.before
        self._longest_end = max(map(len, self._compounds), default=0)
        self._named = lru_cache(maxsize=20_000)(self._entries_of)
        self._begins = lru_cache(maxsize=20_000)(self._may_begin)

    def found_in(self, tokens: Tokens) -> Iterator[Subject]:
        """Yield the parties that a sentence names, in order, none inside another."""
        passed = 0
        for index, word in enumerate(tokens.words):
            if index >= passed and self._begins(word) and (subject := self.at(tokens, index)):
                yield subject
                passed = subject.noun

    def _may_begin(self, word: str) -> bool:
        """Return whether a party may begin with a word."""
        return word in self._before or word.isdigit() or any("-" in entry.before for entry in self._named(word))

    def at(self, tokens: Tokens, index: int) -> Subject | None:
        """Return the party whose words begin at an index; None when none does."""
        before = tokens.at(index)
        if before in self._before or before.isdigit():
            for skipped in range(3):
                if skipped and (not tokens.is_word(index + skipped) or tokens.at(index + skipped) in _NO_ADJECTIVE):
                    break
                found = self._longest(tokens, index, index + 1 + skipped, before, skipped)
                if found:
                    return found
            if many := _one_of_many(tokens, index):
                return many
        return self._longest(tokens, index, index, "-", 0)

    def is_paper(self, tokens: Tokens, index: int) -> bool:
        """Return whether a paper of the executive is named at an index, whatever stands before it."""
        papers = (entry for entry in self._named(tokens.at(index)) if entry.use == "paper")
        return any(not _of_another(tokens, index + 1, entry) for entry in papers)

    def _longest(self, tokens: Tokens, first: int, noun: int, before: str, adjectives: int) -> Subject | None:
        entries = [entry for entry in self._named(tokens.at(noun)) if entry.allows(before, adjectives)]
        entries = [entry for entry in entries if _holds(tokens, entry, noun)]
        best = max(entries, key=lambda entry: len(entry.words), default=None)
        end = noun + len(best.words) if best else 0
        if not adjectives and before in _OF_COUNCILS and (council := _council_end(tokens, noun)) > end:
            return Subject(Voice.COUNCIL, "subject", first, council, _name_end(tokens, council), before in _YOURS)
        if best is None or _of_another(tokens, end, best):
            return None
        behind = _modifier_end(tokens, end) if best.voice is Voice.OTHER and best.use == "subject" else end
        return Subject(
            best.voice, best.use, first, behind, _name_end(tokens, behind), before in _YOURS, hesitant=best.hesitant
        )

    def _entries_of(self, word: str) -> tuple[_Entry, ...]:
        whole = self._whole.get(word, [])
        ends = (word[cut:] for cut in range(max(0, len(word) - self._longest_end), len(word) - _SHORTEST_END + 1))
        compounds = [entry for end in ends for entry in self._compounds.get(end, ())]
        sides = {entry.voice for entry in whole}
        return (*whole, *(entry for entry in compounds if not sides or entry.voice in sides))


def _entries(side: str, use: str, before: str, names: str) -> Iterator[_Entry]:
    words = {*before.split(), *(_SOME if "some" in before.split() else ())}
    adjectives = max((int(word[1:]) for word in words if word.startswith("+")), default=0)
    for name in names.split(", "):
        plain = name.removeprefix("!").removesuffix(" @")
        for each in {plain.replace("(s)", ""), plain.replace("(s)", "s")}:
            compound = "*" if each.startswith("*") else ""
            first, *rest = tokens_of(each.removeprefix("*")).words
            yield _Entry(
                Voice(side),
                use,
                (compound + first, *rest),
                frozenset(word for word in words if not word.startswith("+")),
                adjectives,
                named=name.endswith(" @"),
                hesitant=name.startswith("!"),
            )


def _holds(tokens: Tokens, entry: _Entry, noun: int) -> bool:
    end = noun + len(entry.words)
    return tokens.hold(entry.words[1:], noun + 1) and (not entry.named or tokens.is_name(end))


def _council_end(tokens: Tokens, noun: int) -> int:
    """Return where the name of a client council ends that begins at an index; -1 when none does."""
    found = COUNCIL.match(tokens.text, tokens.spans[noun][0]) if noun < len(tokens) else None
    return (
        next((end for end in range(noun, len(tokens)) if tokens.spans[end][0] >= found.end()), len(tokens))
        if found
        else -1
    )


def _of_another(tokens: Tokens, end: int, entry: _Entry) -> bool:
    """Return whether what follows a noun makes it somebody else's: "het plan van de minister", "een lid van de raad"."""
    if entry.words[-1] == "van":
        return not _EXECUTIVES.isdisjoint(tokens.words[end : end + 2])
    if tokens.at(end) != "van" or tokens.at(end + 1) not in _ARTICLES:
        return False
    if entry.use == "paper":
        return tokens.at(end + 2) not in _EXECUTIVES
    return entry.use == "people" and tokens.at(end + 2) in ("raad", "college", "platform")


def _modifier_end(tokens: Tokens, index: int) -> int:
    """Return where the words end that say of what somebody is: "de directeur van de bibliotheek"."""
    if tokens.at(index) != "van" and tokens.at(index - 1) != "van":
        return index
    at = index + (tokens.at(index) == "van")
    at += tokens.at(at) in _ARTICLES
    return at + 1 if tokens.is_word(at) else index


def _name_end(tokens: Tokens, index: int) -> int:
    """Return where a name behind a noun ends: of a town, of an alderman, of a plan between quotation marks."""
    while index < len(tokens):
        follows = index + 1
        if tokens.at(index) == "van":
            follows += 2 * tokens.hold(("de", "gemeente"), follows)
            if not tokens.is_name(follows):
                return index
            index = follows + 1
        elif tokens.is_name(index) or tokens.at(index) == "&" or (tokens.at(index) == "en" and tokens.is_name(follows)):
            index = follows
        elif quoted := _QUOTED.match(tokens.text, tokens.spans[index][0] - 1):
            index = next((at for at in range(index, len(tokens)) if tokens.spans[at][0] >= quoted.end()), len(tokens))
        else:
            return index
    return index


def _one_of_many(tokens: Tokens, index: int) -> Subject | None:
    """Return the people of "een op de vijf bezoekers", "enkelen van hen"."""
    some = tokens.at(index) in _SOME or tokens.at(index).isdigit()
    if not some or tokens.at(index + 1) not in ("op", "van") or tokens.at(index + 2) not in ("de", "hen", "onze"):
        return None
    end = index + 3 + (tokens.at(index + 2) != "hen")
    return Subject(Voice.OTHER, "people", index, end, end)


@lru_cache(maxsize=1)
def load_subjects() -> Subjects:
    """Return the parties of the lexicon."""
    return Subjects(read_rows("parties.tsv"))


@lru_cache(maxsize=500)
def subjects_in(text: str) -> tuple[Subject, ...]:
    """Return the parties that a sentence names, in order."""
    return tuple(load_subjects().found_in(tokens_of(text)))


def names_paper(tokens: Tokens) -> bool:
    """Return whether a sentence names a paper of the executive."""
    return any(load_subjects().is_paper(tokens, index) for index in range(len(tokens)))
