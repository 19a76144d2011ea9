"""How Dutch letters name other letters: the forms of a kenmerk, the words for a letter, and what may follow those words."""

from __future__ import annotations

import re

from ingest.moments import MOMENT

_LABEL = (
    r"(?:kenmerk|referentie|referentienummer|ref\.|briefnummer|zaaknummer|registratienummer|dossiernummer|nummer|nr\.)"
)
_VALUE = (
    r"(?!(?:van|en|op|in|is|de|het|d\.?d|wordt|staat)\b)"
    r"(?:[A-Za-z][\w&]{0,9}(?:[ ./-]{1,2}[A-Za-z&]{1,8}){0,2}?[ ./_-]{0,2}\d[\w./_-]*|\d[\w./_-]{2,})(?<![./_-])"
)
"""A kenmerk where a label says that it is one."""

_YEAR = r"(?:19|20)\d\d"
_BARE = (
    r"(?<![\w./-])(?!(?:ISO|NEN|EU|EG|EEG|EN|VN|CBS|CPB|SCP|WRR|CAO|BBV|COVID|AVG|TK|EK|MBO|HBO|IBAN)\b)"
    rf"(?:[A-Z]{{2,6}}(?:[ /-][A-Z&]{{1,6}})?[ ./-]?{_YEAR}[-/.]\d{{1,5}}[a-z]?|"
    r"[A-Z]{3,6}[-./]\d\d[-./]\d{1,5}|[A-Z]{2,6}/\d\d/\d{2,7}|[ZD][./-]?\d{5,9}(?:-\d{1,6})?|[ZD]\d\d[-/]\d{4,8}|"
    rf"[ZD][./-](?:\d\d|{_YEAR})[./-]\d{{3,8}}|\d{{6,8}}-{_YEAR})(?![\w/-]|\.\d)"
)
"""A kenmerk that cannot be anything else, even where nothing says that it is one."""

RANGE = re.compile(rf"(?:.*\D)?({_YEAR})\D(?:{_YEAR}|\d\d)")
_NUMBERED = rf"(?:{_BARE}|(?<![\w./-]){_YEAR}[-./]\d{{1,5}}(?![\w/-]|\.\d))"
"""A kenmerk right after the word for a letter."""

_NOT_BETWEEN = (
    r"(?!(?:de|het|een|ons|onze|uw|jullie|dit|deze|die|dat|haar|zijn|hun|van|in|op|aan|met|voor|bij|door|uit|naar|over|en|of|is|"
    r"wij|we|u|om|te|als|heeft|hebben|wordt|college|gemeente|raad|per)\b)"
)
_KIND = (
    r"(?:advies|adviezen|brief|brieven|reacties?|antwoord(?:en)?|beantwoording|notities?|nota[’']?s?|memo[’']?s?|"
    r"schrijven|e-?mails?|mails?|bericht(?:en)?|verslag(?:en)?|notulen|zienswijzen?|verzoek(?:en)?|samenvatting|brandbrief|"
    r"(?<=uw )vragen|(?<=jullie )vragen|(?<=onze )vragen)"
)
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
    rf"[ ]*\n?[ ]*[,;(\[]?\s?(?:met\s+|onder\s+|en\s+)?(?:(?P<whose>ons|onze|uw|het)\s+)?{_LABEL}\s*:?\s*(?P<name>{_VALUE})",
    re.I,
)
UNLABELLED = re.compile(rf"\s*[,(]?\s*(?P<name>{_NUMBERED})")
TITLE = re.compile(
    r"\s*,?\s*(?:“[^”\n]{3,120}”|‘[^’\n]{3,120}’|\"[^\"\n]{3,120}\"|\((?:over|inzake)[^)\n]{3,80}\)),?|"
    r"(?:\s+(?!Van\b|CR\b)[A-Z][a-zë-]+){1,4}(?=\s+(?:van|d\.?d\.?)\s)"
)
SUBJECT = re.compile(
    rf"\s*,?\s+(?:over|inzake|betreffende|rond(?:om)?|omtrent|met\s+betrekking\s+tot)\s"
    rf"[^.;:()\n“”]{{3,110}}?(?=\s*,?\s+(?:van|d\.?\s?d\.?|gedateerd|uit)\s+{MOMENT}|\s*[,(]?\s*(?:met\s+)?{_LABEL}\s|\s*\({MOMENT}|"
    rf"\s*[,(]\s*(?-i:{_BARE}))",
    re.I,
)
ALSO = re.compile(
    rf"\s*(?:,|,?\s+en|,?\s+alsmede)\s+(?:(?:ook\s+)?(?:van|d\.?\s?d\.?)\s+)?(?=(?:{MOMENT}|(?-i:{_NUMBERED})))", re.I
)
OWN_LINE = re.compile(rf"^[ \t]*(?:(?:ons|onze)\s+)?{_LABEL}[ \t]*(?::|[ \t]|\n)\s*{_VALUE}", re.I | re.M)
YOURS_LINE = re.compile(rf"^[ \t]*(?P<whose>uw|jullie)\s+{_LABEL}[ \t]*:?\s*(?P<name>{_VALUE})", re.I | re.M)
HELD = re.compile(_BARE)
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
"""Who wrote on which day, in all orders of the words."""

WHICH = re.compile(
    rf"\s+(?:die|dat|welke)\s+(?:(?P<executive>{_EXECUTIVES})|(?P<council>{_COUNCILS})|u|jullie|uw\s+[\w-]+|"
    rf"wij|we)\s+(?:[\w-]+\s+){{0,3}}?op\s+(?P<moment>{MOMENT})",
    re.I,
)
"""Who sent a letter on which day, as a clause after the word for it."""

THAT = re.compile(rf"(?<![\w-])(?:dat|die)(?=\s+(?:van|d\.?\s?d\.?)\s+{MOMENT})", re.I)
"""What stands for a letter that was spoken of before."""

DATED_NAME = re.compile(
    rf"(?<![\w-])van\s+(?P<moment>{MOMENT})\s*[,(]?\s*(?:met\s+)?(?:{_LABEL}\s*:?\s*(?P<labelled>{_VALUE})|(?-i:(?P<name>{_BARE})))",
    re.I,
)
"""A day and right after it a kenmerk, whatever stands before."""

OWN_TITLE = re.compile(r"^(?:samenvatting|verslag|notulen)\b", re.I)
"""How a paper begins that says in its title what it is."""
