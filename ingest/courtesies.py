"""How letters open and close: the salutation and the farewell."""

from __future__ import annotations

import re
from typing import Final

SALUTATION: Final = re.compile(
    r"^(?:(?:zeer )?geachte?\b|beste\b|hooggeachte?\b|l\.?\s?s\.?(?=,?$)|dames en heren\b|mijne? heren\b|waarde\b|lieve\b).{0,120}$|"
    r"^(?:mevrouw|mijnheer|meneer|heer) (?:de |wethouder|burgemeester|voorzitter)[^.:]{0,40},$|"
    r"^(?:hallo|hoi|ha|dag|goede(?:morgen|middag|avond|ndag))\b[^.]{0,40},$",
    re.I,
)
"""The line that addresses the reader."""

FAREWELL: Final = re.compile(
    r"^(?:(?:met|een)\s+)?(?:de\s+)?(?:[\w’'-]+e,?\s+(?:en\s+)?){0,3}groet(?:en|jes)?(?=[\s,.!]|$).{0,80}$|"
    r"^(?:hoogachtend|(?:met )?(?:de )?(?:meeste |bijzondere )?hoogachting)\b.{0,80}$",
    re.I,
)
"""What the names of those who sign follow."""

_ON_BEHALF = re.compile(r"^(?:namens|voor)(?: de| het)? (?!deze)[^.,:;]{3,80},$", re.I)
"""The line that names for whom is signed, where it stands without a farewell."""


def closes(line: str) -> bool:
    """Whether the names of those who sign follow a line."""
    return bool(FAREWELL.match(line) or _ON_BEHALF.match(line))
