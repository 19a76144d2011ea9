"""Patterns by which Dutch letters refer to others: forms of a kenmerk, words for a letter, what may follow them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from ingest.language.dates.patterns import MOMENT
from ingest.language.reference_numbers import AFTER_WORD, LABELLED_REFERENCE, REFERENCE_LABEL, UNMISTAKABLE

_NOT_BETWEEN = (
    r"(?!(?:de|het|een|ons|onze|uw|jullie|dit|deze|die|dat|haar|zijn|hun|van|in|op|aan|met|voor|bij|door|uit|naar|over|en|of|is|"
    r"wij|we|u|om|te|als|heeft|hebben|wordt|college|gemeente|raad|per)\b)"
)
_KIND = (
    r"(?:advies|adviezen|brief|brieven|reacties?|antwoord(?:en)?|beantwoording|notities?|nota[’']?s?|memo[’']?s?|"
    r"schrijven|e-?mails?|mails?|bericht(?:en)?|verslag(?:en)?|notulen|zienswijzen?|verzoek(?:en)?|samenvatting|brandbrief|"
    r"(?<=uw )vragen|(?<=jullie )vragen|(?<=onze )vragen)"
)
_KIND_ENDS = tuple(
    "advies adviezen brief brieven reactie reacties antwoord antwoorden beantwoording notitie notities nota notas memo memos "
    "schrijven mail mails bericht berichten verslag verslagen notulen zienswijze zienswijzen verzoek verzoeken samenvatting "
    "vragen".split()
)
"""How each of these words ends, by which they are looked for first."""

_WORD = re.compile(r"[\w-]+")
_ENDING = 3
"""Characters behind such a word that still belong to it: "nota's"."""

_WORDS_BEFORE = 10
"""Words before such a word, more than its owner and what may stand between."""

_FURTHEST = 500
"""Characters before such a word, more than ten words take."""

_BLANK = r"(?:[^\S\n]+|\n(?!\s*\n))"
"""White space within a paragraph."""

NAMED = re.compile(
    rf"(?<![\w-])(?:(?P<owner>ons|onze|mijn|uw|jullie|de|het|een|dit|deze|haar|zijn|hun)\s+)?"
    rf"(?:{_NOT_BETWEEN}[\w’'-]+,?{_BLANK}){{0,3}}?(?P<noun>[\w-]*?{_KIND})(?![\w-])",
    re.I,
)
_EXECUTIVES = (
    r"(?:het\s+college|uw\s+college|de\s+(?:\w+\s+)?gemeente(?!raad| ?raad)|(?:de\s+)?wethouder|B\s?&\s?W|"
    r"burgemeester\s+en\s+wethouders)"
)
_COUNCILS = r"(?:(?:de|onze|uw|deze)\s+(?:cli[ëe]ntenraad|adviesraad|participatieraad|wmo-raad|CR|raad(?!s|\s+van)))"
_OTHERS = (
    r"(?:(?:de|het|een)\s+(?:minister|ministerie|staatssecretaris|rijk|provincie|rekenkamer|ombudsman|inspectie|gemeenteraad|"
    r"rechtbank|rechter|Centrale Raad)|UWV|VNG|het\s+UWV|de\s+(?:VNG|SVB|FNV)|Divosa|Movisie)"
)
_NAME = (
    r"(?:\s+van(?=\s+(?-i:[A-Z]|burgemeester|de\s+gemeente)))?(?:\s+(?:burgemeester\s+en\s+wethouders|B\s?&\s?W|(?:de\s+)?gemeente|"
    r"(?-i:[A-Z][\w-]+|en(?=\s[A-Z]))|&))*"
)
WHOSE = re.compile(
    rf"\s+(?:van|door|namens)\s+(?:(?P<executive>{_EXECUTIVES})|(?P<council>{_COUNCILS})|(?P<other>{_OTHERS})){_NAME}",
    re.I,
)
TO_WHOM = re.compile(
    rf"\s+aan\s+(?:u|ons|{_EXECUTIVES}|{_COUNCILS}|{_OTHERS}|de\s+raad){_NAME}(?![\w-])",
    re.I,
)
WHEN = re.compile(
    rf"\s*[,(]?\s*(?:van|d\.?\s?d\.?|gedateerd(?:\s+op)?|gedagtekend|uit|:)?:?\s*(?P<moment>{MOMENT})", re.I
)
LABELLED = re.compile(
    rf"[ ]*\n?[ ]*[,;(\[]?\s?(?:met\s+|onder\s+|en\s+)?(?:(?P<whose>ons|onze|uw|het)\s+)?{REFERENCE_LABEL}\s*:?\s*(?P<name>{LABELLED_REFERENCE})",
    re.I,
)
UNLABELLED = re.compile(rf"\s*[,(]?\s*(?P<name>{AFTER_WORD})")
TITLE = re.compile(
    r"\s*,?\s*(?:“[^”\n]{3,120}”|‘[^’\n]{3,120}’|\"[^\"\n]{3,120}\"|\((?:over|inzake)[^)\n]{3,80}\)),?|"
    r"(?:\s+(?!Van\b|CR\b)[A-Z][a-zë-]+){1,4}(?=\s+(?:van|d\.?d\.?)\s)"
)
SUBJECT = re.compile(
    rf"\s*,?\s+(?:over|inzake|betreffende|rond(?:om)?|omtrent|met\s+betrekking\s+tot)\s"
    rf"[^.;:()\n“”]{{3,110}}?(?=\s*,?\s+(?:van|d\.?\s?d\.?|gedateerd|uit)\s+{MOMENT}|\s*[,(]?\s*(?:met\s+)?{REFERENCE_LABEL}\s|\s*\({MOMENT}|"
    rf"\s*[,(]\s*(?-i:{UNMISTAKABLE}))",
    re.I,
)
ALSO = re.compile(
    rf"\s*(?:,|,?\s+en|,?\s+alsmede)\s+(?:(?:ook\s+)?(?:van|d\.?\s?d\.?)\s+)?(?=(?:{MOMENT}|(?-i:{AFTER_WORD})))", re.I
)
OWN_LINE = re.compile(
    rf"^[ \t]*(?:(?:ons|onze)\s+)?{REFERENCE_LABEL}[ \t]*(?::|[ \t]|\n)\s*{LABELLED_REFERENCE}", re.I | re.M
)
YOURS_LINE = re.compile(
    rf"^[ \t]*(?P<whose>uw|jullie)\s+{REFERENCE_LABEL}[ \t]*:?\s*(?P<name>{LABELLED_REFERENCE})", re.I | re.M
)
HELD = re.compile(UNMISTAKABLE)
_WROTE = (
    r"(?:adviseerden?|schre(?:ef|ven)|stuurden?|antwoordden?|reageerden?|berichtten?|vroeg(?:en)?|mailden?|zond(?:en)?)"
)
_WRITTEN = (
    r"(?:geadviseerd|geschreven|advies\s+(?:uitgebracht|gegeven)|een\s+(?:brief|advies)\s+gestuurd|gereageerd|geantwoord|bericht|"
    r"verzocht|gevraagd)"
)
_WRITER = r"(?:wij|we|jullie|u|uw\s+(?:[\w-]*raad|college|platform))"
WE_WROTE = (
    re.compile(
        rf"\bop\s+(?P<moment>{MOMENT})\s+(?:(?:heeft|hebben|hebt)\s+(?P<had>{_WRITER})\s[^.\n]{{0,80}}?{_WRITTEN}|"
        rf"{_WROTE}\s+(?P<did>{_WRITER})\b)",
        re.I,
    ),
    re.compile(rf"\b(?P<did>{_WRITER})\s+{_WROTE}\s+(?:\w+\s+){{0,3}}?op\s+(?P<moment>{MOMENT})", re.I),
    re.compile(rf"\b{_WROTE}\s+(?P<did>{_WRITER})\s+(?:\w+\s+){{0,3}}?op\s+(?P<moment>{MOMENT})", re.I),
)
"""Who wrote on which day, in every word order."""

WHICH = re.compile(
    rf"\s+(?:die|dat|welke)\s+(?:(?P<executive>{_EXECUTIVES})|(?P<council>{_COUNCILS})|u|jullie|uw\s+[\w-]+|"
    rf"wij|we)\s+(?:[\w-]+\s+){{0,3}}?op\s+(?P<moment>{MOMENT})",
    re.I,
)
"""Who sent a letter on which day, as a relative clause after the word for it."""

THAT = re.compile(rf"(?<![\w-])(?:dat|die)(?=\s+(?:van|d\.?\s?d\.?)\s+{MOMENT})", re.I)
"""A pronoun for a letter mentioned before."""

DATED_NAME = re.compile(
    rf"(?<![\w-])van\s+(?P<moment>{MOMENT})\s*[,(]?\s*(?:met\s+)?(?:{REFERENCE_LABEL}\s*:?\s*(?P<labelled>{LABELLED_REFERENCE})|(?-i:(?P<name>{UNMISTAKABLE})))",
    re.I,
)
"""A day directly followed by a kenmerk, whatever precedes it."""

OWN_TITLE = re.compile(r"^(?:samenvatting|verslag|notulen)\b", re.I)
"""The opening of a paper whose title says what it is."""


def find_letters(text: str) -> Iterator[re.Match[str]]:
    """Yield the words for letters with their owners, as `NAMED` finds them; it is tried only where such a word stands."""
    begins: deque[int] = deque(maxlen=_WORDS_BEFORE)
    passed = 0
    for word in _WORD.finditer(text):
        begins.append(word.start())
        if word.end() > passed and word[0].lower().endswith(_KIND_ENDS):
            begin = max(passed, begins[0], word.end() - _FURTHEST)
            for found in NAMED.finditer(text, begin, min(len(text), word.end() + _ENDING)):
                yield found
                passed = found.end()
