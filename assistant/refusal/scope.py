"""What a question is for: orders to the assistant are taken out, and what no letter can answer is told apart.

A false alarm costs a member the answer, a missed one only a quotation too many: in doubt it is a question.
"""

from __future__ import annotations

import re

from assistant.answers.answer import Outside
from assistant.query.language import Wording

_OF_LETTERS = (
    r"\b(?:(?:clienten|advies|wmo-?)?raad|raadsleden|council|advies|adviezen|geadviseerd|brief|brieven|archief|standpunt\w*|argument\w*|letters?|advice|archive|"
    r"notulen|verslag\w*|vergader\w*|overleg|gesprek|agenda|meeting|voorganger\w*|wij|we)\b"
)
_SAID = (
    r"\b(?:zei|zegt|zeiden|schreef|schrijft|vond|vindt|vonden|adviseerde|adviseert|vroeg|vraagt|stelde|stelt|antwoordde|reageerde|besloot|beloofde)\b"
    r"(?: \w+){0,2} (?:\w*raad|college|gemeente|wethouder|we|wij)\b|"
    r"\b(?:council|executive|municipality|alderman|we)\b(?: \w+){0,2} (?:say|said|write|wrote|think|thought|advised?|asked?|repl(?:y|ied)|promised?|decided?)\b"
)

_ASKS_WHAT_WAS_SAID = re.compile(_SAID)
_SPEAKS_OF_LETTERS = re.compile(rf"{_OF_LETTERS}|{_SAID}")

_ABOUT_LETTERS = (
    r"lezen|nalezen|vinden|terugvinden|zien|inzien|bekijken|openen|zoeken|opzoeken|nazoeken|raadplegen|weten|zeggen|noemen|aanhalen|citeren|verwijzen|gebruiken|"
    r"onthouden|gemist|voorbereiden|praatje|presentatie|inbrengen|aanvoeren|voorlezen|antwoorden|vragen|stellen|uitgaan|nagaan|achterhalen|controleren|vergelijken|beginnen"
)
_TO_SAY = r"\b(?:moet|moeten|kan|kunnen|zal|mag|wil) ik\b.*\b(?:zeggen|vertellen|inbrengen|aanvoeren|voorlezen|weten|vragen)\b|\bik\b.*\b(?:praatje|presentatie|spreekbeurt)\b"
"""What somebody prepares to say, for which they need what was said before."""

_OWN_AFFAIRS = r"uitkering|bijstand\w*|schuld\w*|inkomen|loon|huur|rug|arts|dokter|zaak|aanvraag|bezwaar|kind\w*|zoon|dochter|man|vrouw|toeslag\w*|recht\w*|medicijn\w*|klachten"
_PRIVATE = r"priveadres|huisadres|woonadres|geboortedatum|bsn|burgerservicenummer|home address|date of birth|wachtwoord|password"

_OUTSIDE: tuple[tuple[Outside, re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        Outside.OPINION,
        re.compile(
            r"(?<!waar )(?<!hoe )(?<!hier )\b(?:vind|denk|geloof|kies|stem|adviseer) (?:jij|je|u)\b(?! (?:terug|ergens|iets|in|over|bij|dat .*\b(?:schreef|geschreven|gezegd|geadviseerd)\b))|"
            r"\bwat zou (?:jij|u)\b|\b(?:jouw|uw eigen|je eigen) (?:mening|oordeel)\b|\bvolgens jou\b|"
            r"\b(?:do|would|what do|what would) you (?:personally |yourself )?(?:think|feel|believe|recommend|advise|vote)\b|\byour (?:own )?(?:opinion|view|personal)\b"
        ),
        _ASKS_WHAT_WAS_SAID,
    ),
    (
        Outside.PERSONAL,
        re.compile(
            rf"\b(?:krijg|heb|mag|moet|win|verdien|betaal|verlies|kom|kan|zal) ik\b(?!.*\b(?:{_ABOUT_LETTERS})\b)|"
            rf"\bik (?:krijg|verdien|ontvang|heb recht|mag|moet)\b(?!.*\b(?:{_ABOUT_LETTERS})\b)|"
            rf"\b(?:mijn|m'n) (?:eigen )?(?:{_OWN_AFFAIRS})\b|"
            r"\bmy (?:own )?(?:benefits?|welfare|debts?|income|wages?|rent|back|doctor|case|application|appeal|child\w*|son|daughter|husband|wife|rights?|medicine)\b|"
            r"\b(?:do|can|should|may|must|will|am) i\b(?! (?:find|read|see|know|say|quote|use|ask|look))|"
            r"\b(?:medicijn(?:en)?|medicatie|pijnstillers?|antidepress\w+|medication|dosering|dosage)\b.*\b(?:nemen|neem|slikken|slik|innemen|helpen|helpt|take|helps?)\b"
        ),
        _SPEAKS_OF_LETTERS,
    ),
    (
        Outside.PERSONAL,
        re.compile(
            rf"\b(?:wat (?:is|zijn|was)|welke?|geef|noem|what(?:'s| is| was)|give|tell)(?: (?!(?:over|van|zonder|about|of|without)\b)[\w'-]+){{0,4}} (?:{_PRIVATE})\b"
        ),
        None,
    ),
    (
        Outside.LAW,
        re.compile(
            r"\b(?:artikel|art\.?|article|section) \d+\w*\b.*\b(?:participatiewet|wet|grondwet|awb|wmo|wgs|bw|act|law)\b|"
            r"\bwat (?:staat er in|zegt) de (?:wet|participatiewet|grondwet|awb)\b|\bwat is (?:volgens de wet|wettelijk|juridisch)\b|"
            r"\bwhat does the (?:law|act|constitution) say\b|^\W*(?:is|was) (?:het|dit|dat) (?:(?:wettelijk|juridisch) (?:verplicht|toegestaan|verboden|mogelijk|houdbaar)|strafbaar)\b"
        ),
        re.compile(rf"{_OF_LETTERS}|{_SAID}|\b(?:college|wethouder|executive)\b"),
    ),
    (
        Outside.NEWS,
        re.compile(
            r"\b(?:vandaag|vanochtend|vanmiddag|vanavond|gisteren|(?<!goede )morgen|deze week|het laatste nieuws|today|yesterday|tomorrow|this week|breaking news)\b|"
            r"\b(?:wat voor weer|weersverwachting|weerbericht|hoe (?:is|wordt) het weer\W*$)"
        ),
        re.compile(rf"{_OF_LETTERS}|{_SAID}|{_TO_SAY}"),
    ),
)
"""Each with the words that it must not have, as they ask for what letters say all the same."""


def find_outside(asked: Wording) -> Outside | None:
    """Return why a question is none for the archive; None if it may be one.

    Args:
        asked: the question, orders to the assistant left out.
    """
    if not asked.text:
        return Outside.ORDER
    for why, pattern, spared in _OUTSIDE:
        if pattern.search(asked.folded) and not (spared and spared.search(asked.folded)):
            return why
    return None
