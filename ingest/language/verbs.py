"""Dutch verbs of saying, holding and asking: found among the words of a sentence by looking up each word.

A verb is *near* where all that belongs to it follows closely ("wijst er nogmaals op dat", "heeft ons laten weten"), and
*apart* where its subject comes between ("wijst het college erop dat"), so that the rest may stand anywhere behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.language.lexicon import read_rows
from ingest.language.tokens import Tokens

TELLING: Final = frozenset({"tell"})
"""Saying aloud or on paper."""

SAYING: Final = TELLING | {"think"}
"""Saying and thinking."""

ASKING: Final = frozenset({"ask"})
"""Asking and advising."""

HOLDING: Final = frozenset({"hold"})
URGING: Final = frozenset({"urge"})
FEARING: Final = frozenset({"fear"})
ENGLISH: Final = frozenset({"english"})
WISHING: Final = frozenset({"wish"})
WANTING: Final = frozenset({"will"})

_PARTICLES: Final = frozenset({"aan", "af", "er", "mee", "op", "tegen", "toe", "uit", "vol", "voor"})
_AFTER_PARTICLE: Final = frozenset("dat te om hoe wat waarom welke wie of geen , . : ; ' \" “ ‘".split())
"""What follows a particle that stands apart: in "geeft de sleutel aan de buren" it is no particle."""

_UNCHANGED: Final = ("be", "ver", "ont", "her", "er", "ge", "weer", "onder", "voor")
"""A participle after these has no "ge"."""

_HAVE: Final = frozenset({"heeft", "hebben", "hebt", "had", "hadden"})
_REACH: Final = 6
_BETWEEN: Final = 4
_PARTICIPLE_REACH: Final = 7
"""Words between a verb and what belongs to it, at most."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word may be: a form of a verb of some kind.

    Attributes:
        kind: of the verb.
        complement: the words that belong to it; empty when it stands alone.
        reach: words that may stand between at most.
    """

    kind: str
    complement: tuple[str, ...] = ()
    reach: int = _REACH


@dataclass(frozen=True, slots=True)
class Verbs:
    """The forms of the verbs of the lexicon.

    Attributes:
        finite: what each finite form may be.
        joined: the kinds of forms with their particle in front ("aangeeft").
        participles: those that tell what was said, by their first word, each with its kind.
    """

    finite: dict[str, tuple[Sense, ...]]
    joined: dict[str, frozenset[str]]
    participles: dict[str, tuple[Sense, ...]]

    def is_near(self, tokens: Tokens, index: int, kinds: frozenset[str]) -> bool:
        """Return whether a verb of these kinds begins there, with what belongs to it close behind it."""
        if tokens.at(index) in _HAVE and self._participle(tokens, index + 1, kinds, _PARTICIPLE_REACH):
            return True
        return any(sense.kind in kinds and _follows(tokens, index, sense) for sense in self._senses(tokens, index))

    def is_apart(self, tokens: Tokens, index: int, kinds: frozenset[str], begin: int | None = None) -> bool:
        """Return whether a verb of these kinds begins there, and what belongs to it stands from `begin` on."""
        begin = index + 1 if begin is None else begin
        if tokens.at(index) in _HAVE and self._participle(tokens, begin, kinds, len(tokens)):
            return True
        whole = any(sense.kind in kinds and not sense.complement for sense in self._senses(tokens, index))
        return whole or self.is_parted(tokens, index, kinds, begin)

    def is_parted(self, tokens: Tokens, index: int, kinds: frozenset[str], begin: int) -> bool:
        """Return whether a verb of these kinds begins there, and a part of it stands from `begin` on."""
        return any(
            sense.kind in kinds
            and sense.complement
            and any(_end_of(tokens, sense, at) for at in _places(tokens, sense, begin))
            for sense in self._senses(tokens, index)
        )

    def is_joined(self, tokens: Tokens, index: int, kinds: frozenset[str]) -> bool:
        """Return whether a verb of a subordinate clause stands there: "zoals het college aangeeft"."""
        whole = any(sense.kind in kinds and not sense.complement for sense in self._senses(tokens, index))
        return whole or not kinds.isdisjoint(self.joined.get(tokens.at(index), ()))

    def is_participle(self, tokens: Tokens, index: int, kinds: frozenset[str]) -> bool:
        """Return whether a participle of these kinds begins there."""
        return any(
            sense.kind in kinds and tokens.hold(sense.complement, index)
            for sense in self.participles.get(tokens.at(index), ())
        )

    def names_any(self, tokens: Tokens, kinds: frozenset[str]) -> bool:
        """Return whether any verb of these kinds stands in a sentence, in whatever form."""
        return any(
            self.is_apart(tokens, index, kinds) or self.is_participle(tokens, index, kinds)
            for index in range(len(tokens))
        )

    def _senses(self, tokens: Tokens, index: int) -> Sequence[Sense]:
        return self.finite.get(tokens.at(index), ())

    def _participle(self, tokens: Tokens, begin: int, kinds: frozenset[str], reach: int) -> bool:
        for index in range(begin, min(len(tokens), begin + reach + 1)):
            if self.is_participle(tokens, index, kinds):
                return True
            if reach == _PARTICIPLE_REACH and not tokens.is_word(index):
                return False
        return False


def _follows(tokens: Tokens, index: int, sense: Sense) -> bool:
    """Return whether the complement of a verb stands close behind it, with no mark but commas between."""
    if not sense.complement:
        return True
    for at in range(index + 1, min(len(tokens), index + 2 + sense.reach)):
        if after := _end_of(tokens, sense, at):
            last = tokens.at(after - 1)
            loose = at == index + 1 or last not in _PARTICLES or last == "op"
            if loose or after == len(tokens) or tokens.at(after) in _AFTER_PARTICLE:
                return True
        if not tokens.is_word(at) and tokens.at(at) != ",":
            return False
    return False


def _places(tokens: Tokens, sense: Sense, begin: int) -> range:
    """Return where the complement of a verb may begin, its subject in between; one with a short reach stays close."""
    return range(begin, len(tokens) if sense.reach >= _REACH else min(len(tokens), begin + 1 + sense.reach))


def _end_of(tokens: Tokens, sense: Sense, index: int) -> int:
    """Return the index behind the complement of a verb that begins at one; 0 when it does not."""
    if "..." not in sense.complement:
        return index + len(sense.complement) if tokens.hold(sense.complement, index) else 0
    first, _, last = sense.complement
    if tokens.at(index) != first:
        return 0
    return next((at + 1 for at in range(index + 1, index + 2 + _BETWEEN) if tokens.at(at) == last), 0)


@lru_cache(maxsize=1)
def load_verbs() -> Verbs:
    """Return the verbs of the lexicon."""
    return verbs_of(read_rows("saying.tsv"))


def verbs_of(rows: Iterable[Sequence[str]]) -> Verbs:
    """Return the verbs of rows: kind, forms, complement, words between; the last two may be left out."""
    finite: defaultdict[str, list[Sense]] = defaultdict(list)
    joined: defaultdict[str, set[str]] = defaultdict(set)
    participles: defaultdict[str, list[Sense]] = defaultdict(list)
    for kind, forms, *rest in rows:
        complements = [tuple(each.split()) for each in rest[0].split("|")] if rest else [()]
        reach = int(rest[1]) if len(rest) > 1 else _REACH
        told = _participle_of(forms, complements[0])
        if told:
            participles[told[0]].append(Sense(kind, told))
        for form in _finite_of(forms):
            finite[form].extend(Sense(kind, complement, reach) for complement in complements)
            for particle, *more in filter(None, complements):
                if not more and particle in _PARTICLES:
                    joined[particle + form].add(kind)
    return Verbs(
        {form: tuple(dict.fromkeys(senses)) for form, senses in finite.items()},
        {form: frozenset(kinds) for form, kinds in joined.items()},
        {first: tuple(dict.fromkeys(senses)) for first, senses in participles.items()},
    )


def _finite_of(forms: str) -> Iterator[str]:
    """Yield the finite forms of a verb."""
    if forms.startswith(("=", "+")):
        yield from forms[1:].split() if forms.startswith("=") else ()
        return
    stem, plural, *past = forms.split()
    yield from (stem if stem.endswith("t") else stem + "t", plural)
    yield from past[:2] if len(past) == 3 else (stem + _dental(plural) + "e", stem + _dental(plural) + "en")


def _participle_of(forms: str, complement: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of the participle of a verb; none when it tells nothing that was said."""
    if forms.startswith("+"):
        return tuple(forms[1:].split())
    if forms.startswith("=") or forms.endswith(" -"):
        return ()
    stem, plural, *past = forms.split()
    if past:
        return (past[-1],)
    bare = stem if stem[-1] in "dt" else stem + _dental(plural)
    return ("".join(complement) + (bare if stem.startswith(_UNCHANGED) else "ge" + bare),)


def _dental(plural: str) -> str:
    return "t" if plural[-3] in "tkfschpx" else "d"
