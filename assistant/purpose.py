"""What a question is for: orders to the assistant are taken out, and what no letter can answer is told apart.

A false alarm costs a member the answer, a missed one only a quotation too many: in doubt it is a question.
"""

from __future__ import annotations

import re
from enum import StrEnum

from vectorstore.dutch import fold


class Outside(StrEnum):
    """Why a question is none for the archive."""

    ORDER = "order"
    OPINION = "opinion"
    PERSONAL = "personal"
    LAW = "law"
    NEWS = "news"


_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")

_OPENING = r"^\W*(?:(?:please|now|nu|eerst|oke?|hallo|hoi|hello|hi|assistent|assistant|graag|alsjeblieft)\b\W*){0,3}"
"""Before the verb of an order; elsewhere in a sentence the same words are part of a question."""

_OVERRIDE = re.compile(
    rf"{_OPENING}(?:"
    r"(?:negeer|vergeet|ignore|disregard|forget)\b.*\b(?:alles|instructi\w+|regels|bronnen|brieven|vorige|hierboven|everything|instructions?|rules|previous|"
    r"prior|above|sources)\b|"
    r"(?:(?:vanaf nu|voortaan) )?(?:je|jij|u) (?:bent|speelt)\b(?: vanaf)? (?:nu|voortaan|even|niet langer|geen)\b|(?:from now on,? )?you are (?:now|no longer)\b|"
    r"(?:doe|gedraag je|antwoord) als(?:of)?\b|spreek (?:nu |voortaan )?als\b|(?:pretend|act as|role-?play)\b|"
    r"(?:verwijder|wis|delete|erase) |(?:do not|don't|never) (?:cite|quote|use|mention|answer|follow|refuse)\b|"
    r"(?:noem|gebruik|geef) geen (?:bron|bronnen|bronvermelding\w*|citaten|kenmerk\w*)\b|laat de (?:bron|bronnen|citaten|aanhalingstekens)\b.*\bweg\b|"
    r"stop met (?:antwoorden|citeren|zoeken)\b|geef (?:me |mij )?toegang\b"
    r")|\b(?:system ?prompt|systeemprompt|systeeminstructi\w+)\b|<\s*/?\s*(?:script|iframe)\b"
)
_ERRAND = re.compile(
    rf"{_OPENING}(?:"
    r"(?:schrijf|write|compose|verzin|invent|vertaal|translate|herhaal|repeat|bevestig|confirm|print|output|send|stuur)(?=\s)|"
    r"(?:maak|make|create|dicht|zet|plaats|voeg)\s+(?:an?|een|de|het|it|up|me|mij|er|van|nu|onder|boven|dit|dat|ook|alle)\b|druk\b.*\baf\b|"
    r"(?:antwoord|answer|reply|respond) (?:nu |voortaan |now )?(?:met|alleen|voortaan|only|with|in (?:het|een|de|a|an|the|rhyme))\b|"
    r"geef (?:je|uw|het|een) antwoord (?:als|met|zonder)\b|zeg (?:dat|maar|alleen|gewoon)\b|say that\b|(?:begin|start) (?:je|your|uw)\b"
    r")"
)
_OF_LETTERS = (
    r"\b(?:(?:clienten|advies|wmo-?)?raad|raadsleden|council|advies|adviezen|geadviseerd|brief|brieven|archief|standpunt\w*|argument\w*|letters?|advice|archive|"
    r"notulen|verslag\w*|vergader\w*|overleg|gesprek|agenda|meeting|voorganger\w*|wij|we)\b"
)
_SAID = (
    r"\b(?:zei|zegt|zeiden|schreef|schrijft|vond|vindt|vonden|adviseerde|adviseert|vroeg|vraagt|stelde|stelt|antwoordde|reageerde|besloot|beloofde)\b"
    r"(?: \w+){0,2} (?:\w*raad|college|gemeente|wethouder|we|wij)\b|"
    r"\b(?:council|executive|municipality|alderman|we)\b(?: \w+){0,2} (?:say|said|write|wrote|think|thought|advised?|asked?|repl(?:y|ied)|promised?|decided?)\b"
)
_KEPT = re.compile(
    r"\b(?:wat|welke?|waarom|hoe\w*|wie|wanneer|what|which|why|how|who|when)\b.*\b(?:\w*raad|college|gemeente|wethouder|council|executive|municipality|"
    r"brief|brieven|adviezen|letters)\b|"
    r"\b(?:overzicht|samenvatting|lijst\w*|tijdlijn|summary|overview|list|timeline)\b|"
    r"\b(?:de|het|alle|the|all) (?:\w+ )?(?:brief|brieven|advies|adviezen|reacties?|verslag\w*|letters?|repl(?:y|ies)) (?:over|van|uit|about|on|from|of)\b"
)
"""Errands that are questions all the same: for what letters say, an overview of it, or the letter itself."""

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


def without_orders(question: str) -> str:
    """A question without the sentences that tell the assistant what to do; empty when nothing else is asked."""
    sentences = [match[0].strip() for match in _SENTENCE.finditer(question)]
    return " ".join(sentence for sentence in sentences if sentence and not is_order(sentence))


def is_order(sentence: str) -> bool:
    """Whether a sentence tells the assistant what to do instead of asking what letters say."""
    folded = fold(sentence)
    if _OVERRIDE.search(folded):
        return True
    return _ERRAND.search(folded) is not None and _KEPT.search(folded) is None


def outside(question: str) -> Outside | None:
    """Why a question is none for the archive; None when it may be one."""
    asked = without_orders(question)
    if not asked:
        return Outside.ORDER
    folded = fold(asked)
    for why, pattern, spared in _OUTSIDE:
        if pattern.search(folded) and not (spared and spared.search(folded)):
            return why
    return None
