"""The signatories of a letter, with their function, and those who got a copy: the lines below its farewell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby, pairwise
from typing import Final

from ingest.language.parties import COUNCIL_NAME, EXECUTIVE_NAME, party_of
from vectorstore.letters import Signatory

COPY: Final = re.compile(
    r"^(?:(?:en )?in afschrift aan|[il1|]\.?\s?a\.?\s?a\.?|c\.?c\.?|(?:een )?(?:afschrift|kopie|copie)(?: (?:van deze brief )?(?:is verzonden )?"
    r"(?:aan|naar))?)(?=[\s:]|$)\s*:?\s*",
    re.I,
)
"""Marks those who get a copy; text recognition takes the I of "I.a.a." for an l."""

_REMARK = re.compile(
    r"^(?:[-_=*~]{3,}|-- ?$|deze brief\b|dit (?:document|bericht|advies)\b|verzonden vanaf|bijlagen?\b|postbus\b|www\.|tel\b|telefoon\b|"
    r"e-?mail\b|fictie(?:f|ve)\b|p\.?s\.?\b)|@|\b\d{4} ?[A-Z]{2}\b",
    re.I,
)
_SENTENCE = re.compile(r"^(?:\S+ ){4,}\S+[.!?]$")
_OFFICE_WORD = (
    r"(?:(?:vice|vise|plv\.?|plaatsvervangend|waarnemend|wnd\.?|interim|loco|ambtelijk|algemeen|oud|technisch|eerste|tweede|"
    r"senior|juridisch)[- ]?)*"
    r"(?:(?:voor|vice-?)zitt(?:er|ster)|burgemeester|wethouder|penningmeester|(?:bestuurs|raads)?lid|leden|(?:raads)?griffier|notuliste?|"
    r"ondersteuner|contactpersoon|directie(?:secretaris|lid)|"
    r"[a-z]{0,18}(?:se[ck]retaris(?:-directeur|/directeur|-penningmeester)?|directeur(?:[-/](?:bestuurder|secretaris))?|directrice|hoofd|manager|leider|co[öo]rdinator|co[öo]rdinatrice|ombudsman|opbouwwerker|functionaris|beheerder|hoofd|adviseur|medewerker|"
    r"consulent|regisseur|bestuurder|ambtenaar|jurist|beleidsmaker|woordvoerder))"
)
_OFFICE = re.compile(
    rf"(?<![\w-])(?:de |het )?(?P<office>{_OFFICE_WORD}(?: ?\(?(?:a\.i\.|ad interim)\)?)?)(?![\w-])", re.I
)
_TITLE = r"(?:(?:de heer|mevrouw|mevr?\.?|mw\.?|dhr\.?|drs\.?|mr\.?|dr\.?|ing\.?|ir\.?|prof\.?|ds\.?)\s+)*"
_SMALL = r"(?:v\.? ?d\.|v\.|van|de|der|den|het|’t|'t|ten|ter|te|op|in|el|al|von|du|la|le|bij|aan|of|y|da|dos)"
_WORD = r"[A-ZÀ-ÝİŞĞÇ][\w’'-]*"
_INITIAL = r"[A-Z][a-z]?\.\s?"
_NAME = re.compile(rf"(?i:{_TITLE})(?:{_INITIAL}|{_WORD}\s)(?:\(?{_WORD}\)?\s|{_INITIAL}|{_SMALL}\s)*{_WORD}")
_BEFORE_NAME = re.compile(
    r"^(?:\(?(?:w\.?g\.?|get\.?|was getekend)\)?[:,]?\s+|(?:mede )?namens (?:deze|dezen|dit)[:,]?\s*|ondertekend door[:,]?\s*|[-•*]\s+)",
    re.I,
)
_COLLEGE = re.compile(rf"^{EXECUTIVE_NAME.pattern}(?:,|$)", re.I)
_TRADE = re.compile(r"^(?!(?:namens|mede|voor|en|ook|c\.c)\b)[a-zé][^\d@:.]{3,60}$")
"""A title below a name that no list of functions has: "arts maatschappij en gezondheid"."""

_NO_PERSON = re.compile(
    r"\b(?:raad|college|gemeente|commissie|platform|stichting|afdeling|werkgroep|namens|directie|dienst|werk|inkomen|participatie|"
    r"hoogachtend|groet|groeten)\b",
    re.I,
)


def signatories_in(lines: Iterable[str]) -> tuple[Signatory, ...]:
    """Return those who signed, by the lines below the farewell and above the copies.

    Args:
        lines: from the farewell on.
    """
    names: list[list[str]] = []
    offices: list[list[str]] = []
    order: list[str] = []
    for line in signed_lines(lines):
        people, functions = _read(line)
        if people and len(people) == len(functions):
            names += [[person] for person in people]
            offices += [[function] for function in functions]
            order += ["both"] * len(people)
        elif not people and not functions and order[-1:] == ["names"] and len(names[-1]) == 1 and _TRADE.match(line):
            offices.append([line.strip(" ,")])
            order.append("offices")
        elif people or functions:
            (names if people else offices).append(people or functions)
            order.append("names" if people else "offices")
    return tuple(_match(order, names, offices))


def signed_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the signature: up to the copies and any text added below."""
    for line in lines:
        if COPY.match(line) or _REMARK.search(line) or (_SENTENCE.match(line) and not _OFFICE.search(line)):
            return
        yield line


def copies_in(lines: Sequence[str]) -> tuple[str, ...]:
    """Return those who got a copy, after "I.a.a.", "Cc:" or "Afschrift aan"; on one line, separated by ; or commas."""
    first = next((i for i, line in enumerate(lines) if COPY.match(line)), None)
    if first is None:
        return ()
    found: list[str] = []
    for i, line in enumerate(lines[first:]):
        named = COPY.sub("", line) if COPY.match(line) else line
        if i and (_REMARK.search(line) or (_SENTENCE.match(line) and not COPY.match(line))):
            break
        found += split_copies(named) if i == 0 or COPY.match(line) else [_bare(named)]
    return tuple(filter(None, found))


def split_copies(line: str) -> list[str]:
    """Split the names on one line; a function after a comma belongs to the name before it."""
    if ";" in line:
        return [_bare(part) for part in line.split(";")]
    parts: list[str] = []
    for part in re.split(r",\s+", line):
        if parts and _OFFICE.match(part):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return [_bare(part) for part in parts]


def _bare(name: str) -> str:
    return re.sub(r"^(?:[-•*]|\d[.)])\s+", "", name.strip()).rstrip(" .,;")


def _read(line: str) -> tuple[list[str], list[str]]:
    """Return the people and the functions that a line names."""
    text = re.sub(r"^\(([^()]+)\)$", r"\1", line.strip(" ,"))
    while (cut := _BEFORE_NAME.sub("", text)) != text:
        text = cut
    text = re.sub(r"^.*\bnamens (?:deze|dezen)[:,]\s*", "", text, flags=re.I)
    text = re.sub(r"^.*\b(?:namens|voor) (?:de|het|burgemeester|alle)\b[^,]*(?:,\s*|$)", "", text, flags=re.I).strip(
        " ,"
    )
    text = _COLLEGE.sub("", text).strip(" ,")
    held = re.fullmatch(r"(?P<name>[^(]+?)\s*\((?P<office>[^)]+)\)", text)
    if held and _OFFICE.search(held["office"]) and _is_person(held["name"]):
        return [held["name"]], [held["office"]]
    offices = list(_OFFICE.finditer(text))
    if len(offices) > 1 and (pairs := _in_pairs(text, offices)):
        return pairs
    name = _NAME.match(text)
    if name and (office := _OFFICE.search(text, len(name[0].split(",")[0].split()[0]))) and office.start() > 0:
        person = text[: office.start()].strip(" ,-–:(")
        if _is_person(person):
            return [person], [_function(text[office.start() :])]
    if offices and offices[0].start() == 0:
        return _office_first(text, offices)
    return [
        person for part in re.split(r"\s+(?:en|&)\s+|,\s+|\s/\s", text) for person in [part] if _is_people(person)
    ], []


def _in_pairs(text: str, offices: Sequence[re.Match[str]]) -> tuple[list[str], list[str]] | None:
    """Return several people on a line, each followed by a function; None if it is something else."""
    starts = [0, *(office.end() for office in offices[:-1])]
    between = [text[start : office.start()] for start, office in zip(starts, offices, strict=True)]
    people = [re.sub(r"^[\s,;)/&-]*(?:en\s)?|[\s,(–-]+$", "", part) for part in between]
    if text[offices[-1].end() :].strip(" .,)") or not all(map(_is_person, people)):
        return None
    return people, [office["office"] for office in offices]


def _office_first(text: str, offices: Sequence[re.Match[str]]) -> tuple[list[str], list[str]]:
    """Return the functions of a line that begins with one, and the person named after a colon."""
    labelled = re.fullmatch(r"[^:]+:\s*(?P<name>.+)", text)
    if labelled and _is_person(labelled["name"]):
        return [labelled["name"]], [_function(text.split(":")[0])]
    ends = [*(office.start() for office in offices[1:]), len(text)]
    pieces = [text[office.start() : end] for office, end in zip(offices, ends, strict=True)]
    columns = len(offices) > 1 and all(len(piece.split()) <= 4 for piece in pieces)
    return [], [_function(piece) for piece in pieces] if columns else [_function(text)]


def _function(text: str) -> str:
    """Strip the party from a function: "Voorzitter a.i. Cliëntenraad X" is "Voorzitter a.i."."""
    text = re.sub(r"^(?:de|het) ", "", text.strip(" ,:"), flags=re.I)
    for party in (COUNCIL_NAME, EXECUTIVE_NAME):
        found = party.search(text)
        if found and found.start() > 0 and found[0].casefold() != "burgemeester":
            text = text[: found.start()]
    text = re.sub(r"(?:\s*[,(-]?\s*(?:namens|van|van de|van het|gemeente))+\s*$", "", text.strip(" ,("), flags=re.I)
    return text.strip(" ,")


def _is_person(text: str) -> bool:
    return bool(_NAME.fullmatch(text.strip())) and not _NO_PERSON.search(text) and party_of(text) is None


def _is_people(text: str) -> bool:
    """Check whether a text is one name, or several in a row, each with its titles."""
    return len(text.split()) <= 14 and _is_person(re.sub(rf"(?<=\s){_TITLE[:-1]}+", "", text, flags=re.I))


def _match(order: Sequence[str], names: list[list[str]], offices: list[list[str]]) -> Iterator[Signatory]:
    """Yield names with their functions: each name with the line before or after it, columns with columns."""
    office_first = bool(order) and order[0] == "offices" and "names" in order
    i, n, o = 0, 0, 0
    while i < len(order):
        kind, following = order[i], order[i + 1] if i + 1 < len(order) else ""
        if kind == "both":
            yield Signatory(names[n][0], offices[o][0])
            n, o = n + 1, o + 1
        elif kind != "both" and (together := _run(order[i:])) > 1:
            listed = [name for line in names[n : n + together] for name in line]
            yield from _beside(listed, [office for line in offices[o : o + together] for office in line])
            n, o, i = n + together, o + together, i + 2 * together - 1
        elif kind == "names":
            paired = following == "offices" and not office_first
            yield from _beside(names[n], offices[o] if paired else [])
            n, o, i = n + 1, o + paired, i + paired
        elif following == "names":
            yield from _beside(names[n], offices[o])
            n, o, i = n + 1, o + 1, i + 1
        else:
            o += 1
        i += 1


def _run(order: Sequence[str]) -> int:
    """Return how many lines of names come before or after as many lines of functions; 0 if the counts differ."""
    lengths = [len(list(run)) for _, run in groupby(order)]
    return (
        lengths[0] if len(lengths) > 1 and lengths[0] == lengths[1] and "both" not in order[: sum(lengths[:2])] else 0
    )


def _beside(names: Sequence[str], offices: Sequence[str]) -> Iterator[Signatory]:
    """Yield the names of one line with the functions of another, name by name."""
    if len(names) == 1 < len(offices):
        names = _columns(names[0], len(offices)) or ()
    for i, name in enumerate(names):
        yield Signatory(name, offices[i] if len(offices) == len(names) else None)


def _columns(text: str, count: int) -> list[str] | None:
    """Separate names that were side by side, if there is only one way to do so."""
    words = text.split()
    ways = []
    for cuts in combinations(range(1, len(words)), count - 1):
        parts = [" ".join(words[start:end]) for start, end in pairwise((0, *cuts, len(words)))]
        if all(map(_is_person, parts)):
            ways.append(parts)
    return ways[0] if len(ways) == 1 else None
