"""What a sentence says and what it denies: negations by clause, and words that say the opposite of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from vectorstore.dutch import fold, tokens

_BREAK = re.compile(
    r"[;:,–—]\s+|(?<=[^\d])[.!?]\s+|\s(?=(?:maar|omdat|terwijl|hoewel|zodat|want|tenzij|zolang|totdat|voordat|doch|mits|zonder(?! meer)|ondanks|aangezien|doordat|waardoor|opdat|nadat|"
    r"but|because|although|while|unless|until|without|before|whereas|despite|if|when|as long as|so long as|indien|wanneer)\b)|"
    r"\s(?=(?:en|of|and|or) (?:dat|wil|wel|niet|geen|is|zijn|was|heeft|wordt|werd|kan|moet|krijgt|that|not|no|wants?|met|tegen|zonder|with|without)\b)|\s(?=om (?:niet|geen)\b)|"
    r"\s(?=(?:en|and) in (?:19|20)\d\d\b)"
)
_NO_DENIAL = re.compile(
    r"\b(?:niet|not) (?:alleen|slechts|enkel|uitsluitend|only|just|merely)\b|\bniet (?:voor niets|zonder meer|in de laatste plaats)\b|"
    r"\b(?:niets|nothing) (?:anders|other|else) (?:dan|than)\b|\bwaarom niet\b|\bal dan niet\b|\bniet (?:te vergeten|genoeg kan)\b"
)
_DENIALS = re.compile(
    r"\b(?:niet|geen|nooit|niemand|niets|nergens|nauwelijks|zonder|noch|evenmin|amper|niks|"
    r"not|no|never|nobody|nothing|none|without|neither|nor|hardly|cannot|(?:is|are|was|were|do|does|did|has|have|had|would|could|should|wo|ca)n['’]t)\b|"
    r"\b(?:onmogelijk|ontbreekt|ontbreken|ontbrak|ontbraken|impossible|nowhere|lacks|lacked|lacking)\b"
)
_REFUSES = re.compile(
    r"\b(?:weiger\w*|geweigerd\w*|afwijz\w*|afgewezen|afwees|verwerp\w*|verworpen|afraad\w*|afgeraden|ontra(?:adt|den)\w*|ontken\w*|ontkend\w*|betwist\w*|"
    r"bestrij\w*|bestreden|verbie\w*|verboden|tegenstand\w*|bezwaar\w*|bezwaren|verzet\w*|"
    r"refus\w*|reject\w*|declin\w*|oppos\w*|den(?:y|ies|ied)|disput\w*|disagre\w*|forbid\w*|object(?:s|ed|ion|ions)|against)\b|"
    r"\b(?:wijst|wijzen|wees|raadt|raden|raadde)\b(?=[^,;]*\baf\b)|"
    r"\b(?:is|zijn|was|waren|blijft|blijven|stemt?|stemde|kant|keert|keerde|spreekt) (?:\w+ ){0,4}?tegen\b|"
    r"\bvan de baan\b|\bniets? voor\b|\b(?:gaat|gaan|ging) (?:\w+ ){0,3}te ver\b|\bte ver (?:te )?gaan\b|\b(?:goes|going|go) too far\b"
)
_HALF_DENIED = re.compile(
    r"\b(?:voordat|alvorens|in plaats van|anders dan|liever dan|pas (?:na|als|wanneer|op|vanaf)|"
    r"before|instead of|unlike|rather than|only (?:after|when|once|if))\b"
)
_OPPOSITES: Final = tuple(
    (re.compile(rf"\b(?:{one})\b"), re.compile(rf"\b(?:{other})\b"))
    for one, other in (
        (
            r"meer|hoger\w*|stij(?:g|gt|gen|gend\w*)|steeg|stegen|gestegen|stijging|groei\w*|gegroeid|groter\w*|toename|toe(?:nemen|neemt|genomen)|neemt toe|"
            r"verho(?:g|o)\w*|omhoog|uit(?:breid|gebreid)\w*|more|higher|increas\w*|ris(?:e|es|en|ing)|rose|raise\w*|grow\w*|grew|expand\w*",
            r"minder|lager\w*|daal\w*|dalen\w*|gedaald|daling|gekrompen|kleiner\w*|afname|af(?:nemen|neemt|genomen)|neemt af|"
            r"verla(?:g|ag)\w*|omlaag|inkrimp\w*|fewer|less|lower\w*|decreas\w*|reduc\w*|f(?:a|e)ll\w*|cut|cuts|shrink\w*",
        ),
        (
            r"open|opent|openen|geopend|opening|openblijven|opens|opened",
            r"dicht|sluit\w*|gesloten|sluiting|clos\w*|shut\w*",
        ),
        (r"verplicht\w*|mandatory|compulsory|obligatory|obliged", r"vrijwillig|voluntary|voluntarily"),
        (
            r"blijf\w*|blijven|houden|houdt|hield|behou\w*|handhaaf\w*|gehandhaafd|keep\w*|kept|maintain\w*|retain\w*|remain\w*",
            r"verval\w*|uit de \w+ (?:te )?hal\w+|afschaf\w*|afgeschaft|schrap\w*|geschrapt|ingetrokken|intrek\w*|trekt in|stop\w*|gestopt|beeindig\w*|abolish\w*|scrap\w*|drop\w*",
        ),
        (r"veel|vele|grote|groot|many|much", r"weinig|few|little"),
        (
            r"gemakkelijk\w*|makkelijk\w*|eenvoudig\w*|easy|easier|easiest",
            r"moeilijk\w*|ingewikkeld\w*|difficult|harder|hardest",
        ),
        (r"snel|sneller|vlot|quick\w*|fast\w*", r"langzaam|langzamer|traag|trager|slow\w*"),
        (
            r"ten hoogste|hooguit|maxim\w*|hoogstens|at most|no more than",
            r"ten minste|tenminste|minstens|minim(?:aal|um)|at least",
        ),
        (r"goed|goede|beter|betere|positie\w*|good|better|positive", r"slecht\w*|negatie\w*|bad|worse|negative"),
        (r"voordel\w*|winst|advantage\w*", r"nadel\w*|verlies|disadvantage\w*"),
        (r"toeken\w*|toegekend|toegezegd|toezegg\w*|grant\w*|promis\w*", r"geweigerd|onthouden|withheld"),
        (r"jonger|jongere|younger", r"ouder|oudere|older"),
        (r"gratis|kosteloos|free", r"betaald\w*|paid"),
        (
            r"blij|tevreden|verheugd|enthousiast|waardeert|waarderen|happy|pleased|glad|satisfied|welcomes?|welcomed",
            r"jammer|betreur\w*|teleurgesteld|teleurstelling|bezorgd|zorgen|boos|sad|regrets?|regretted|disappointed|unhappy|worried|concerned",
        ),
    )
)
"""Words of which one says the opposite of the other."""

_UN = re.compile(r"(?:on|un|dis)(?=[a-z]{4})")


def clauses_in(text: str) -> list[tuple[int, int]]:
    """Start and end of each clause of a sentence."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _BREAK.finditer(text):
        if text[begin : match.start()].strip():
            spans.append((begin, match.end()))
            begin = match.end()
    if text[begin:].strip():
        spans.append((begin, len(text)))
    return spans


@lru_cache(maxsize=20_000)
def denials(clause: str) -> int:
    """How often a clause denies or refuses what it speaks of."""
    folded = _NO_DENIAL.sub(" ", fold(clause).replace("’", "'"))
    folded = " ".join(folded.split())
    return len(_DENIALS.findall(folded)) + len(_REFUSES.findall(folded))


@lru_cache(maxsize=20_000)
def half_denied(clause: str) -> bool:
    """Whether a clause says of something that it is not, or not yet, without a word that denies: "voordat", "in plaats van"."""
    return _HALF_DENIED.search(fold(clause)) is not None


def turned(said: str, held: str) -> int:
    """How many words of one text say the opposite of what stands in another.

    Args:
        said: a clause of a statement.
        held: the sentence of a letter that it is compared with.
    """
    opposites = sum(
        one != other and 0 not in (one, other) for one, other in zip(_sides(said), _sides(held), strict=True)
    )
    return opposites + sum(1 for _ in _un(_words(said), _words(held)))


@lru_cache(maxsize=20_000)
def _sides(text: str) -> tuple[int, ...]:
    """Of each pair of opposites which one a text has: 1 or -1, and 0 when it has neither or both."""
    folded = fold(text)
    return tuple(bool(one.search(folded)) - bool(other.search(folded)) for one, other in _OPPOSITES)


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _un(ours: frozenset[str], theirs: frozenset[str]) -> Iterator[str]:
    """Words of which one text has the denial made with a prefix and the other the plain word, and not both."""
    for mine, other in ((ours - theirs, theirs - ours), (theirs - ours, ours - theirs)):
        for word in mine:
            prefix = None if _DENIALS.fullmatch(word) else _UN.match(word)
            if prefix and word[prefix.end() :] in other:
                yield word
