"""How a sentence gives the floor to a party that it names: its verb of saying is looked up, then what stands beside it.

Each rule of `RULES` is one order of the words: "Het college stelt dat", "Daarom stelt het college", "volgens het college".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from ingest.language.subjects import Subject, subjects_in
from ingest.language.tokens import Tokens, tokens_of
from ingest.language.verbs import Verbs, load_verbs

MOST_OPENING: Final = 16
"""Words that may stand before the verb of a main clause at most."""

_CONNECTORS: Final = frozenset("ook zelfs maar en nu inmiddels daarnaast terecht verder".split())
_AUTHORS_VIEW: Final = frozenset(
    "wij we wat dat hoe of als helaas gelukkig kennelijk blijkbaar hoewel zolang indien omdat waarom waar wanneer anders "
    "wie mocht onze zonder toen".split()
)
"""Words before a verb that make the clause the author's own view of what another says."""

_GROUNDS: Final = frozenset("reden argument onderbouwing voorbeeld motivering toelichting verklaring oorzaak".split())
_BEFORE_DAT: Final = frozenset("bij na op over tijdens in met".split())
_MARKS_BEFORE: Final = frozenset("“‘\"'(")
_ENDS: Final = frozenset(".!")
_ACCORDING: Final = frozenset({"volgens", "blijkens"})
_VIEWS: Final = frozenset("mening oordeel opvatting visie ogen idee".split())
_POSITIONS: Final = frozenset("standpunt antwoord reactie mening redenering argument".split())
_IN_PASSING: Final = frozenset("stelt meldt schrijft zegt meent zei".split())
_PREPOSITIONS: Final = frozenset("van uit met in bij op die".split())
_PRONOUNS: Final = frozenset("hij zij ze".split())
_PASSIVE: Final = frozenset("wordt werd is was".split())
_LEAST_BEFORE: Final = 3
_LONGEST_MODIFIER: Final = 9


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence with what its rules look at.

    Attributes:
        tokens: its words.
        begin: index of its first word behind a mark and a connecting word.
        opening: index up to which the words may stand before the verb of a main clause.
        verbs: of the lexicon.
    """

    tokens: Tokens
    begin: int
    opening: int
    verbs: Verbs

    def is_near(self, index: int, kinds: frozenset[str]) -> bool:
        """Return whether a verb of these kinds begins at an index, all of it close together."""
        return self.verbs.is_near(self.tokens, index, kinds)

    def is_verb(self, index: int, kinds: frozenset[str], begin: int) -> bool:
        """Return whether a verb of these kinds stands at an index, near or with the rest of it from `begin` on."""
        return self.is_near(index, kinds) or self.verbs.is_apart(self.tokens, index, kinds, begin)

    def subjects(self) -> tuple[Subject, ...]:
        """Return the parties that the sentence names."""
        return subjects_in(self.tokens.text)

    def within(self, words: frozenset[str], begin: int = 0) -> bool:
        """Return whether any of these words stands in the sentence from an index on."""
        return not words.isdisjoint(self.tokens.words[begin:])

    def at_end(self, index: int) -> bool:
        """Return whether the sentence ends there, but for its full stop and one word."""
        words = self.tokens.words
        rest = list(islice((words[at] for at in range(index, len(words)) if words[at] not in _ENDS), 2))
        return len(rest) == 0 or (len(rest) == 1 and rest[0][0].isalnum())


@lru_cache(maxsize=500)
def clause_of(sentence: str) -> Clause:
    """Return a sentence as the rules look at it."""
    tokens = tokens_of(sentence)
    begin = 1 if tokens.at(0) in _MARKS_BEFORE else 0
    return Clause(tokens, begin, _opening(tokens, begin), load_verbs())


def _opening(tokens: Tokens, index: int) -> int:
    """Return the index up to which the words of a sentence may stand before the verb of a main clause."""
    words, listed, last = 0, tokens.words, len(tokens.words) - 1
    while index <= last and words < MOST_OPENING:
        word = listed[index]
        if word in _BEFORE_DAT and tokens.at(index + 1) in ("dat", "wat"):
            index += 1
        elif word in _AUTHORS_VIEW:
            if word != "als" or tokens.at(index + 1) not in _GROUNDS:
                return index
        elif not word[0].isalnum() and word != "&":
            return index
        index += 1
        while index < last and listed[index] in ".,":
            index += 1
        words += 1
    return index


def is_first(clause: Clause, who: Subject) -> bool:
    """Return whether a sentence begins with a party, but for a mark or a connecting word."""
    begin = clause.begin
    return who.first == begin or (who.first == begin + 1 and clause.tokens.at(begin) in _CONNECTORS)


def subject_first(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Het college stelt dat …; een vrouw uit de wijk vertelde dat …"."""
    if not is_first(clause, who):
        return False
    return any(clause.is_near(at, kinds) for at in places_behind(clause, who))


def places_behind(clause: Clause, who: Subject) -> range:
    """Return where the verb of a subject may stand: right behind it or one word further, for people behind more."""
    if who.use == "people" and (clause.tokens.at(who.end) in _PREPOSITIONS or clause.tokens.at(who.end) == "("):
        end = who.end
        while end < min(len(clause.tokens), who.end + _LONGEST_MODIFIER) and clause.tokens.at(end) not in ",.:;":
            end += 1
        return range(who.end, end + 1)
    return range(who.end, who.end + 1 + (clause.tokens.is_word(who.end) and not who.hesitant))


def says_now(clause: Clause, who: Subject) -> bool:
    """Check whether a verb in the present, which ends in a t, stands behind a party: "de raad" of the past may be the town's."""
    return clause.tokens.at(who.end).endswith("t")


def inverted(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Daarom stelt het college dat …; ook wijst de gemeente erop dat …"."""
    verb = who.first - 1 - (clause.tokens.at(who.first - 1) == "er")
    return 0 <= verb <= clause.opening and clause.is_verb(verb, kinds, who.end)


def according(clause: Clause, who: Subject, _: frozenset[str]) -> bool:
    """Match "De wachttijd is volgens het college gedaald; volgens de nota van het college …"."""
    for at in (who.first - 1, who.first - 4):
        if 0 <= at <= clause.opening and clause.tokens.at(at) in _ACCORDING:
            return at == who.first - 1 or clause.tokens.at(who.first - 1) == "van"
    return False


def as_said(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Zoals het college eerder aangaf, …"."""
    if clause.tokens.at(0) != "zoals" or who.first not in (1, 1 + (clause.tokens.at(1) == "ook")):
        return False
    return any(
        clause.verbs.is_joined(clause.tokens, at, kinds) and clause.tokens.at(at + 1) == ","
        for at in range(who.end, who.end + 5)
    )


def named_last(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "De kosten vallen mee, aldus het college; …, zo stelt het college"."""
    if not any(clause.at_end(end) for end in (who.end, *places_behind(clause, who)[1:])):
        return False
    at = who.first - 1
    so = clause.tokens.at(at - 1) == "zo"
    if at <= clause.opening and (clause.tokens.at(at) == "aldus" or (so and clause.tokens.at(at) in _IN_PASSING)):
        return True
    comma = clause.tokens.at(at - 1 - so) == "," and at - so > _LEAST_BEFORE
    return comma and (clause.tokens.at(at) == "aldus" or clause.is_verb(at, kinds, who.end))


def in_view_of(clause: Clause, who: Subject, _: frozenset[str]) -> bool:
    """Match "Naar het oordeel van het college …; in de ogen van de gemeente …"."""
    if clause.tokens.at(0) not in ("naar", "in") or clause.tokens.at(who.first - 1) != "van":
        return False
    return who.first in (3, 4) and clause.tokens.at(who.first - 2) in _VIEWS


def position_is(clause: Clause, who: Subject, _: frozenset[str]) -> bool:
    """Match "Het standpunt van het college is dat …"."""
    return (
        who.first == 3
        and clause.tokens.at(1) in _POSITIONS
        and clause.tokens.at(2) == "van"
        and clause.tokens.at(who.end) in ("is", "luidt", "was")
    )


def by_own_words(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Het college heeft naar eigen zeggen …; de wethouder kan niet anders, zegt hij"."""
    words = clause.tokens.words
    if who.first > clause.begin:
        return False
    if any(clause.tokens.hold(("naar", "eigen", "zeggen"), at) for at in range(who.end, len(words))):
        return True
    last = len(words) - (clause.tokens.at(len(words) - 1) == ".") - 1
    if clause.tokens.at(last) not in _PRONOUNS or last - 1 <= who.end:
        return False
    comma = clause.tokens.at(last - 2 - (clause.tokens.at(last - 2) == "zo")) == ","
    return comma and clause.is_near(last - 1, kinds)


def passive(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Door het college is toegezegd dat …"."""
    by = who.first - 1
    if clause.tokens.at(by) != "door" or by > clause.opening or not clause.within(_PASSIVE):
        return False
    told = any(clause.verbs.is_participle(clause.tokens, at, kinds) for at in range(len(clause.tokens)))
    return told and clause.within(frozenset({"dat"}))


def with_which(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Match "Waarbij het college aangeeft …"."""
    if clause.tokens.at(0) != "waarbij" or who.first != 1:
        return False
    return any(clause.verbs.is_joined(clause.tokens, at, kinds) for at in (who.end, who.end + 1))


RULES: Final[tuple[Callable[[Clause, Subject, frozenset[str]], bool], ...]] = (
    subject_first,
    inverted,
    according,
    as_said,
    named_last,
    in_view_of,
    position_is,
    by_own_words,
    passive,
    with_which,
)


def has_floor(clause: Clause, who: Subject, kinds: frozenset[str]) -> bool:
    """Return whether a sentence reports what a party says, by a verb of these kinds or by words for its view."""
    if who.hesitant:
        return says_now(clause, who) and RULES[0](clause, who, kinds)
    return any(rule(clause, who, kinds) for rule in RULES)
