"""Whether a sentence says more than the words that carry it: all of them, always, as decided, as a right or a duty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.verification.candidates import Clause, Line, Reading, Said, carried
from assistant.verification.support import Content
from ingest.language.negation import clauses_in, denials
from ingest.language.numbers import TWO_TO_TWELVE
from vectorstore.analysis.dutch import fold

_LEAST = 0.3
"""Share of what a clause says that a clause of a letter must carry to be what it was made from."""

_NEARLY = 0.75
"""Share of what the best clause of the letters carries from which another may be what was meant."""


@dataclass(frozen=True, slots=True)
class Strength:
    """One way to say more than what was said.

    Attributes:
        said: finds the strong words in a folded clause of a statement.
        unless: finds the words in the statement with which it is no stronger than the letter.
        limits: finds the words of a letter that say less.
        equals: finds the words of a letter that say as much.
        whole: any sentence that carries the statement may limit it; else the clauses that carry most must all do so.
    """

    said: re.Pattern[str]
    unless: re.Pattern[str]
    limits: re.Pattern[str]
    equals: re.Pattern[str]
    whole: bool = True


def _words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(listed.split())})\b".replace("_", r"\s+"))


_COUNT = rf"(?:\d+|{TWO_TO_TWELVE}|\w*tien|\w*tig)"
_STRENGTHS: Final = (
    Strength(
        _words("alle iedereen iedere elke elk allemaal geen_enkele? all every everyone everybody each"),
        _words(r"bijna vrijwel lang_niet niet_alle\w* not_all not_every\w* almost nearly zoveel_mogelijk"),
        re.compile(
            rf"\b(?:sommigen?|enkelen?|een deel|meesten?|veel|velen?|helft|deels|gedeeltelijk|{_COUNT} van (?:de|hen|deze|die|onze|het)|"
            rf"van (?:hen|de {_COUNT}|deze {_COUNT})\b[^.;]*\b{_COUNT})\b"
        ),
        _words(r"alle iedereen iedere ieder elke elk allemaal alles beide telkens"),
    ),
    Strength(
        _words("altijd steeds voortdurend telkens always constantly invariably"),
        _words("niet_altijd bijna_altijd vrijwel_altijd not_always almost_always nearly_always"),
        _words(
            r"soms vaak meestal doorgaans gewoonlijk regelmatig mogelijk kan kunnen kunt mag mogen af_en_toe in_de_regel in_beginsel in_principe"
        ),
        _words("altijd steeds voortdurend telkens iedere elke elk ieder nooit zonder_uitzondering blijft blijven"),
    ),
    Strength(
        re.compile(r"."),
        _words(
            r"overw\w+ onderz\w+ bezie\w* bezien bekijk\w* verken\w* plan plannen voornem\w* mogelijk misschien wellicht will?en wilde wilt wil zou zouden kan kunnen kon "
            r"nadenk\w* denkt dacht denken_over bestude\w+ consider\w* plans? planned intend\w* wants? wanted would could may might can explor\w+ look\w* examin\w+ "
            r"investigat\w+ stud(?:y|ies|ied|ying) possib\w+ review\w* vra\w+ vroeg advis\w+ voorst\w+ pleit\w* verzo\w+ asks? asked urg\w+ verwacht\w* expect\w* or? of whether if als indien"
        ),
        _words(
            r"overwegen overweegt overwogen onderzoeken_of onderzoekt_of onderzoeken_nog verkennen verkent bezien_of van_plan voornemens het_voornemen in_overweging "
            r"denken_aan bestuderen_of wellicht misschien"
        ),
        _words(r"besloten besluiten besloot besluit vastgesteld"),
        whole=False,
    ),
    Strength(
        _words(
            r"moet moeten verplicht krijgt krijgen ontvangt ontvangen must gets? receives? has_to have_to obliged obligatory"
        ),
        _words(
            r"kan kunnen kon konden mag mogen mogelijk\w* eventu\w+ hooguit ten_hoogste maximaal zou zouden can could may might eligible possib\w+ recht_op entitled up_to at_most als wil willen "
            r"vra\w+ vroeg advis\w+ voorst\w+ pleit\w* verzo\w+ vindt vond indien wanneer mits if when provided asks? asked"
        ),
        re.compile(r"\b(?:kan|kunnen|kunt|mag|mogen)\b[^.;]*\b(?:krijgen|ontvangen|vragen|aanvragen|kiezen|opleggen|verplichten)\b"),
        _words(r"moet moeten verplicht krijgt ontvangt dient dienen"),
        whole=False,
    ),
)  # fmt: skip


def overstated(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Check whether a sentence says more than the sentences of the letters from which it was made.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out what is said.
        english: the text is in English.
    """
    everything = fold(text)
    for start, end in clauses_in(text):
        clause = fold(text[start:end])
        strong = [each for each in _STRENGTHS if each.said.search(clause) and not each.unless.search(everything)]
        if strong and denials(clause) % 2 == 0:
            said = content.said(text[start:end], english=english)
            bearing = [*_bearing(said, readings), *_bearing(content.said(text, english=english), readings)]
            if any(_exceeds(each, said, bearing) for each in strong):
                return True
    return False


def _bearing(said: Said, readings: Sequence[Reading]) -> Iterator[Line]:
    """Return the sentences that carry what a clause says."""
    return (line for lines in carried(said, readings).lines for line in lines) if said.concepts else iter(())


def _exceeds(strength: Strength, said: Said, bearing: Sequence[Line]) -> bool:
    """Check whether what carries a clause limits what the clause says without a limit."""
    if strength.whole:
        held = [fold(line.text) for line in bearing]
        return any(map(strength.limits.search, held)) and not any(map(strength.equals.search, held))
    clauses = [(_share(said, clause), clause) for line in bearing for clause in line.clauses]
    best = max((share for share, _ in clauses), default=0.0)
    near = [fold(clause.text) for share, clause in clauses if share >= max(_LEAST, _NEARLY * best)]
    return bool(near) and all(strength.limits.search(each) and not strength.equals.search(each) for each in near)


def _share(said: Said, clause: Clause) -> float:
    return said.share(said.strengths(clause.stems))
