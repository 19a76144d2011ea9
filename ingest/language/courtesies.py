"""How letters open and close: the salutation and the farewell."""

from __future__ import annotations

import re
from typing import Final

ADDRESSING: Final = r"(?:(?:zeer )?(?:hoog)?geachte?|beste|dear)\b"
"""Words in front of whom a letter addresses, that begin no line of its text."""

SALUTATION: Final = re.compile(
    rf"^(?:{ADDRESSING}|l\.?\s?s\.?(?=,?$)|dames en heren\b|mijne? heren\b|waarde\b|lieve\b).{{0,120}}$|"
    r"^(?:mevrouw|mijnheer|meneer|heer) (?:de |wethouder|burgemeester|voorzitter)[^.:]{0,40},$|"
    r"^(?:hallo|hoi|ha|dag|goede(?:morgen|middag|avond|ndag))\b[^.]{0,40},$",
    re.I,
)
"""The line that addresses the reader."""

USUAL_CLOSE: Final = r"(?:(?:met )?(?:vriendelijke|hartelijke) groet|hoogachtend)"
"""How most letters take leave."""

_FORMAL_CLOSE = r"(?:hoogachtend|(?:met )?(?:de )?(?:meeste |bijzondere )?hoogachting)\b"
_GREETING_CLOSE = r"(?:(?:met|een)\s+)?(?:de\s+)?(?:[\w’'-]+e,?\s+(?:en\s+)?){0,3}groet(?:en|jes)?(?=[\s,.!]|$)"
FAREWELL: Final = re.compile(rf"^(?:{_GREETING_CLOSE}|{_FORMAL_CLOSE}).{{0,80}}$", re.I)
"""The line that the names of those who sign follow."""

SIGNED: Final = re.compile(
    rf"^(?:{_GREETING_CLOSE}|{_FORMAL_CLOSE})[^\n]*(?:\n+(?!i\.?a\.?a|c\.?c\b|afschrift|kopie|fictie)[^\n]+){{1,5}}",
    re.I | re.M,
)
"""A farewell with the lines of those who sign below it."""

GREETING: Final = re.compile(
    r"^(?:Geachte?|Beste|Met vriendelijke groet|Hoogachtend|Met hartelijke groet|Hartelijke groet)\b"
)
"""A salutation or farewell as it begins a line in print: what a letter says of "beste" or "groet" in passing has no capital."""

_ON_BEHALF = re.compile(r"^(?:namens|voor)(?: de| het)? (?!deze)[^.,:;]{3,80},$", re.I)
"""The line that names for whom is signed, where it stands without a farewell."""

_ADDRESSED = re.compile(rf"^{ADDRESSING}.*$", re.I | re.M)


def find_salutation(text: str) -> re.Match[str] | None:
    """Return the first line of a letter that addresses somebody by a word of courtesy; None if there is none."""
    return _ADDRESSED.search(text)


def closes(line: str) -> bool:
    """Check whether the names of those who sign follow a line."""
    return FAREWELL.match(line) is not None or _ON_BEHALF.match(line) is not None
