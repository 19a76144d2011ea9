"""What a question is for: orders to the assistant are taken out, and what no letter can answer is told apart."""

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

_ORDER = re.compile(
    r"\b(?:negeer|vergeet|ignore|disregard|forget)\b.*\b(?:alles|instructi\w+|regels|bronnen|brieven|vorige|hierboven|everything|instructions?|rules|"
    r"previous|prior|above|sources)\b"
    r"|\b(?:je|u|jij) (?:bent|speelt) (?:vanaf )?(?:nu|voortaan|even|niet langer|geen)\b|\b(?:doe|gedraag je|antwoord) (?:alsof|als)\b|\byou are (?:now|no longer)\b|"
    r"\b(?:pretend|act as|role-?play)\b|\bspreek (?:nu |voortaan )?als\b"
    r"|\b(?:system ?prompt|systeemprompt|systeeminstructi\w+|prompt)\b"
    r"|^(?:\W*)(?:schrijf|write|compose|dicht|maak|make|create|verzin|invent|vertaal|translate|herhaal|repeat|bevestig|confirm|druk|print|toon|show|output|"
    r"antwoord (?:met|alleen|voortaan|in)|answer (?:only|with|in)|reply (?:only|with)|respond (?:only|with)|zeg (?:dat|maar|alleen|gewoon|in)|say that|stuur|send|verwijder|delete|wis|noem geen|laat de|"
    r"geef (?:geen|alleen|toegang|me toegang)|do not|don't|stop met|gebruik geen|voeg|plaats|begin je|start your|zet)\b"
    r"|\b(?:zonder|geen|without) (?:bron|bronnen|bronvermelding|sources?|citations?)\b|<\s*/?\s*(?:script|img|iframe|html)"
)
_KEPT = re.compile(
    r"^(?:\W*)(?:maak|make|geef|toon|show|zet|schrijf|write)\b.*\b(?:overzicht|samenvatting|lijst|alle|wat de raad|what the council|summary|overview)\b"
)
"""Orders that are questions all the same: for an overview of what letters say."""

_OUTSIDE: tuple[tuple[Outside, re.Pattern[str]], ...] = (
    (
        Outside.OPINION,
        re.compile(
            r"\b(?:vind|denk|geloof|kies|stem|adviseer) (?:jij|je|u)\b(?! (?:terug|ergens|in het archief))|\bwat zou (?:jij|u)\b|\b(?:jouw|uw eigen|je eigen) (?:mening|oordeel)\b|\bvolgens jou\b|"
            r"\b(?:do|would|what do|what would) you (?:personally |yourself )?(?:think|feel|believe|recommend|advise|vote)\b|\byour (?:own )?(?:opinion|view|personal)\b"
        ),
    ),
    (
        Outside.PERSONAL,
        re.compile(
            r"\b(?:krijg|heb|mag|moet|win|verdien|betaal|verlies|kom|kan|zal) ik\b(?!.*\b(?:lezen|vinden|terugvinden|zien|nalezen|zoeken|weten|zeggen|aanhalen|onthouden|gemist)\b)|"
            r"\bik (?:krijg|verdien|ontvang|heb recht|mag|moet)\b(?!.*\b(?:weten|lezen|zeggen|voorbereiden)\b)|"
            r"\b(?:mijn|m'n) (?:eigen )?(?:uitkering|bijstand\w*|schuld\w*|inkomen|loon|huur|rug|arts|dokter|zaak|aanvraag|bezwaar|kind\w*|zoon|dochter|man|vrouw|toeslag\w*|recht\w*|medicijn\w*|klachten)\b|"
            r"\bmy (?:own )?(?:benefits?|welfare|debts?|income|wages?|rent|back|doctor|case|application|appeal|child\w*|son|daughter|husband|wife|rights?|medicine)\b|\b(?:do|can|should|may|must|will|am) i\b(?! (?:find|read|see))|"
            r"\b(?:medicijn\w*|medicatie|diagnose|dosering|pijnstillers?|antidepress\w+|medication|dosage)\b|\b(?:priveadres|huisadres|woonadres|geboortedatum|bsn|burgerservicenummer|home address|date of birth|wachtwoord|password)\b"
        ),
    ),
    (
        Outside.LAW,
        re.compile(
            r"\b(?:artikel|art\.?|article|section) \d+\w*\b.*\b(?:participatiewet|wet|grondwet|awb|wmo|wgs|bw|act|law)\b|\bwat (?:staat er in|zegt) de (?:wet|participatiewet|grondwet|awb)\b|"
            r"\bwat is (?:volgens de wet|wettelijk|juridisch)\b|\bwhat does the (?:law|act|constitution) say\b|\b(?:is|was) (?:het|dit|dat) (?:wettelijk|juridisch|strafbaar)\b"
        ),
    ),
    (
        Outside.NEWS,
        re.compile(
            r"\b(?:vandaag|vanochtend|vanmiddag|vanavond|gisteren|morgen|deze week|op dit moment|het laatste nieuws|today|yesterday|tomorrow|this week|right now|breaking|het weer)\b"
        ),
    ),
)


def without_orders(question: str) -> str:
    """A question without the sentences that tell the assistant what to do; empty when nothing else is asked."""
    sentences = [match[0].strip() for match in _SENTENCE.finditer(question)]
    return " ".join(sentence for sentence in sentences if sentence and not is_order(sentence))


def is_order(sentence: str) -> bool:
    """Whether a sentence tells the assistant what to do instead of asking what letters say."""
    folded = fold(sentence)
    return bool(_ORDER.search(folded)) and not _KEPT.search(folded)


def outside(question: str) -> Outside | None:
    """Why a question is none for the archive; None when it may be one."""
    if not without_orders(question):
        return Outside.ORDER
    folded = fold(without_orders(question))
    return next((why for why, pattern in _OUTSIDE if pattern.search(folded)), None)
