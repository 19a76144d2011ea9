"""The author of a letter, and their name: by signature, letterhead, envelope, and how the letter speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.language.parties import (
    COUNCIL,
    COUNCIL_NAME,
    EXECUTIVE_NAME,
    OFFICE,
    OFFICIAL,
    is_name,
    party_at_address,
    party_at_top,
    party_of,
)
from ingest.metadata.envelope import Carrier
from ingest.metadata.fields import Facts, Label, facts_in
from ingest.metadata.kinds import LOOSE
from ingest.metadata.recipients import ATTENTION, Recipient
from ingest.metadata.sections import Sections
from ingest.metadata.signatories import signed_lines
from vectorstore.letters import Voice

_BY_COUNCIL = re.compile(
    rf"^(?:[\w-]+ ){{0,2}}\w*(?i:advies|nieuwsbrief|jaarverslag|jaarplan|werkplan|persbericht|notitie|standpunt)"
    rf"(?i:,? (?:van|door))?(?i: de)? {COUNCIL.pattern}"
)
_BY_EXECUTIVE = re.compile(
    rf"^(?:(?:bestuurlijke )?(?:reactie|antwoord|beantwoording)|besluit|standpunt)[^.]{{0,30}}? (?:van|door) (?:het |de )?(?:college|wethouder|gemeente\b|{EXECUTIVE_NAME.pattern})|"
    r"^(?:collegereactie|collegebesluit|raadsinformatiebrief|bestuurlijke reactie)\b",
    re.I,
)
_OURSELVES = re.compile(
    r"\b(?i:wij|we),? als raad\b|\b(?i:als) raad (?:\w+ ){1,2}(?:wij|we)\b|\b(?i:onze raad|ons platform)\b"
)
_AS_COUNCIL = re.compile(r"\b(?:(?i:wij|we|ons),? als (?:\w+ )?|(?i:onze) )$")
_BEING = (re.compile(r"\b(?i:als) (?:\w+ )?$"), re.compile(r" (?:\w+ ){1,2}(?:wij|we)\b"))
_ADVISING = (
    re.compile(r"(?:\b(?i:de|het)|^) $"),
    re.compile(r"(?: [A-Z&][\w&]*)* (?:adviseert|verzoekt|vraagt) u\b"),
)
"""How a council speaks of itself: in words of its own, before its name, and around its name."""

_OF_COLLEGE = re.compile(
    r"\b(?i:ons college)\b|\b(?:wij|we) als (?:gemeente|college)\b|\bonze gemeente\b|"
    r"\b(?i:het college) (?:\w+ ){1,4}(?:uw|u|jullie)\b"
)
"""How the executive refers to itself when writing to a council."""

_NEAR = 60
"""Characters before the name of a council that may say that it is the writer's."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bwww\.[\w-]+(?:\.[\w-]+)+")


def author_of(
    parts: Sections, front: Sequence[str], foot: Sequence[str], facts: Facts, recipient: Recipient, carrier: Carrier
) -> Voice:
    """Return who wrote a letter; UNKNOWN if it does not say.

    Args:
        parts: of the letter.
        front: lines of its head.
        foot: lines from its farewell on.
        facts: what the labels in the head announce.
        recipient: the addressee.
        carrier: what carried it.
    """
    signed = list(signed_lines(foot))
    parties = [party for party in map(party_of, [facts.first(Label.SENDER) or "", *signed]) if party]
    if parties:
        return parties[0]
    if any(map(OFFICIAL.search, signed)):
        return Voice.EXECUTIVE
    if parts.salutation is None and not signed and (titled := _by_title(front)):
        return titled
    is_letter = parts.salutation is not None or bool(signed)
    tops = (party_at_top(line) for line in _own_lines(front, facts, recipient) if is_letter)
    return (
        next((party for party in tops if party and party is not recipient.party), None)
        or carrier.party
        or _by_words(parts, recipient.party)
        or _by_mail(front, foot, recipient)
        or Voice.UNKNOWN
    )


def _own_lines(front: Sequence[str], facts: Facts, recipient: Recipient) -> Iterator[str]:
    """Yield the lines of the head that are neither facts nor the address of another."""
    for i, line in enumerate(front):
        if i not in facts.used and i not in recipient.lines and not ATTENTION.match(line):
            yield line


def _by_title(front: Sequence[str]) -> Voice | None:
    """Return the author that a document without salutation and signature names in its title."""
    title = next((line for line in front[:3] if not is_name(line)), "")
    if _BY_EXECUTIVE.match(title):
        return Voice.EXECUTIVE
    headed = bool(front) and is_name(front[0]) and not OFFICE.match(front[0]) and re.search(r"advies\b", title, re.I)
    published = any(map(LOOSE.match, front[:3])) and any(map(COUNCIL_NAME.fullmatch, front[:3]))
    return Voice.COUNCIL if headed or published or _BY_COUNCIL.search(title) else None


def _by_words(parts: Sections, addressed: Voice | None) -> Voice | None:
    """Infer the author of a letter without any name, by its addressee and how it speaks of itself.

    Others write to a council and to the executive too, so the address alone is not enough.
    """
    text = " ".join(block.text for block in (*parts.head, *parts.body))
    if addressed is not Voice.COUNCIL and _speaks_of_itself(text):
        return Voice.COUNCIL
    if addressed is Voice.EXECUTIVE and (COUNCIL.search(text) or re.search(r"advies", text)):
        return Voice.COUNCIL
    return Voice.EXECUTIVE if addressed is Voice.COUNCIL and _OF_COLLEGE.search(text) else None


def _speaks_of_itself(text: str) -> bool:
    """Return whether a council speaks of itself: "wij als cliëntenraad", "de Wmo-raad adviseert u"."""
    if _OURSELVES.search(text):
        return True
    for council in COUNCIL.finditer(text):
        before = text[max(0, council.start() - _NEAR) : council.start()]
        around = any(first.search(before) and last.match(text, council.end()) for first, last in (_BEING, _ADVISING))
        if around or _AS_COUNCIL.search(before):
            return True
    return False


def _by_mail(front: Sequence[str], foot: Sequence[str], recipient: Recipient) -> Voice | None:
    """Return whose e-mail address or website a letter has, if those are of one party only."""
    own = [
        line for i, line in enumerate(front) if i not in recipient.lines and not re.match(r"per e-?mail", line, re.I)
    ]
    parties = {party_at_address(found[0]) for line in (*own, *foot) for found in _MAIL.finditer(line)} - {None}
    return parties.pop() if len(parties) == 1 else None


def sender_of(
    front: Sequence[str], foot: Sequence[str], facts: Facts, recipient: Recipient, author: Voice
) -> str | None:
    """Return the author's name as the letter gives it, in full if it does; the arguments are those of `author_of`."""
    pattern = {Voice.COUNCIL: COUNCIL_NAME, Voice.EXECUTIVE: EXECUTIVE_NAME}.get(author)
    named = facts.first(Label.SENDER)
    addresses = {i for i, line in enumerate(front) if facts_in([line]).values or ATTENTION.match(line)}
    own = _whole([line for i, line in enumerate(front) if i not in addresses and i not in recipient.lines])
    if author is Voice.OTHER:
        lines = [line for line in (*own, *signed_lines(foot)) if party_at_top(line) is Voice.OTHER and len(line) < 60]
        return next((line.rstrip(" ,.") for line in lines), named)
    if pattern is None:
        return named
    found = [pattern.search(line) for line in (named or "", *signed_lines(foot), *own)]
    names = [" ".join(match[0].split()) for match in found if match]
    names += [line for line in own if author is Voice.EXECUTIVE and OFFICE.match(line) and len(line) < 60]
    best = next((name for name in names if len(name.split()) > 1), names[0]) if names else named
    return max((name for name in names if best and best.casefold() in name.casefold()), key=len, default=best)


def _whole(lines: Sequence[str]) -> list[str]:
    """Return the lines of a letterhead, rejoining a name that is broken over two of them."""
    whole = list(lines)
    for i, (line, after) in enumerate(zip(lines, lines[1:], strict=False)):
        bare = re.fullmatch(r"gemeente", line, re.I) or COUNCIL.fullmatch(line)
        if bare and re.fullmatch(r"(?:[A-ZÀ-Ý][\w’'-]*|&|en)(?: (?:[A-ZÀ-Ý][\w’'-]*|&|en|aan|de|den))*", after):
            whole[i] = f"{line} {after}"
    return whole
