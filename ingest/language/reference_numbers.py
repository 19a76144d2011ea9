"""The forms of a *kenmerk*, the number by which a letter is known: the looser, the plainer the words around it say what it is."""

from __future__ import annotations

import re
from typing import Final

from ingest.language.dates.patterns import YEAR

REFERENCE_LABEL: Final = (
    r"(?:kenmerk|referentie|referentienummer|ref\.|briefnummer|zaaknummer|registratienummer|dossiernummer|nummer|nr\.)"
)
LABELLED_REFERENCE: Final = (
    r"(?!(?:van|en|op|in|is|de|het|d\.?d|wordt|staat)\b)"
    r"(?:[A-Za-z][\w&]{0,9}(?:[ ./-]{1,2}[A-Za-z&]{1,8}){0,2}?[ ./_-]{0,2}\d[\w./_-]*|\d[\w./_-]{2,})(?<![./_-])"
)
"""A kenmerk after its label."""

UNMISTAKABLE: Final = (
    r"(?<![\w./-])(?!(?:ISO|NEN|EU|EG|EEG|EN|VN|CBS|CPB|SCP|WRR|CAO|BBV|COVID|AVG|TK|EK|MBO|HBO|IBAN)\b)"
    rf"(?:[A-Z]{{2,6}}(?:[ /-][A-Z&]{{1,6}})?[ ./-]?{YEAR}[-/.]\d{{1,5}}[a-z]?|"
    r"[A-Z]{3,6}[-./]\d\d[-./]\d{1,5}|[A-Z]{2,6}/\d\d/\d{2,7}|[ZD][./-]?\d{5,9}(?:-\d{1,6})?|[ZD]\d\d[-/]\d{4,8}|"
    rf"[ZD][./-](?:\d\d|{YEAR})[./-]\d{{3,8}}|\d{{6,8}}-{YEAR})(?![\w/-]|\.\d)"
)
"""A kenmerk that cannot be anything else, even without a label."""

RANGE: Final = re.compile(rf"(?:.*\D)?({YEAR})\D(?:{YEAR}|\d\d)")
AFTER_WORD: Final = rf"(?:{UNMISTAKABLE}|(?<![\w./-]){YEAR}[-./]\d{{1,5}}(?![\w/-]|\.\d))"
"""A kenmerk right after the word for a letter."""

IN_HEAD: Final = (
    r"(?:[A-Z&][\w&.]{0,14}[ /._-]{1,3}|[a-z]{1,4}[ /._-]{1,3}){0,3}?[\w&/_:-]*\d[\w&./_:-]*(?: \d[\w./-]*)?"
)
"""A kenmerk in the head of a letter, behind a label and with other marks around it."""

IN_QUESTION: Final = re.compile(r"\b([A-Z]{2,6}[ /-]?\d{2,4}[-/]\d{1,6}|[A-Z]{1,4}\d{2}-\d{4,7}|\d{5,7}-\d{4})\b", re.I)
"""A kenmerk in a question, in which capitals are forgotten."""

NAME_WITH_DIGITS: Final = re.compile(
    r"\b[A-Z]{2,6}[ /-]?\d{2,4}[-/.]\d{1,6}\b|\b[A-Z]{1,3}[./-]?\d{2}[-/.]\d{2,7}\b|\b[A-Z]{1,2}/\d{2}/\d{3,6}\b|(?<![\w/-])\d{2,7}[-/]\d{2,6}(?![\w/-])|"
    r"(?m:^[ \t]*\d{1,2}[.)](?=[ \t]+[^\d\s]))|(?<![\w.,])0\d{3,}\b|(?<!\w)(?=\d*[A-Z])(?=[A-Z]*\d)[A-Z0-9]{2,}\b"
)
"""Names with digits in them, such as a *kenmerk*, and the numbers of a list: no numbers, and dates neither."""
