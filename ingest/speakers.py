"""Whom a sentence or a lead-in names as the one who speaks: "Het college stelt dat …", "In ons advies stond:"."""

from __future__ import annotations

import datetime as dt
import re

from ingest.parties import COUNCIL
from ingest.references import references_in
from ingest.sides import Sides
from ingest.speaking import BODY, CALLED, NAME, PAPER, PARTIES, SOMEBODY
from ingest.verbs import ASKING, SAYING, TELLING
from vectorstore.letters import Voice

_SAYS = (
    rf"(?:{SAYING.near}|"
    r"(?:is|zijn|bent|was|waren) (?:\w+ )?(?:van (?:mening|oordeel|opvatting)|(?:de|die) (?:mening|opvatting) toegedaan)|"
    rf"(?:heeft|hebben|had|hadden) (?:[\w-]+ ){{0,7}}?(?:{SAYING.participles}|laten weten))"
)
_TELLS = rf"(?:{TELLING.near}|(?:heeft|hebben|had|hadden) (?:[\w-]+ ){{0,7}}?(?:{TELLING.participles}|laten weten))"
_HOLDS = (
    r"(?:motiveer(?:t|de)|onderbouw(?:t|de)|onderschrijf(?:t)?|onderschreef|verwijst naar|verwees naar|herkent|(?:hanteer|formuleer|onderscheid)(?:t|de) "
    r"(?:de|het) volgende|ziet (?:hiervoor |daarvoor |wel |nu )?(?:geen|wel) (?:aanleiding|reden|mogelijkhe\w+|noodzaak|ruimte)|"
    r"(?:is|was) het (?:[\w-]+ ){0,4}eens|deel(?:t|de) (?:[\w-]+ ){0,3}(?:mening|zorgen|zorg|opvatting|conclusie)|"
    r"(?:geeft|gaf) als \w+ dat)"
)
"""Verbs of holding a view; they report it, and introduce no quotation."""

_ASKS = (
    rf"(?:{ASKING.near}|is (?:\w+ )?(?:kritisch|bezorgd|positief|negatief)|uit(?:te)? (?:\w+ ){{0,2}}?(?:zorgen|kritiek)|"
    r"(?:maakt|maken) zich (?:\w+ ){0,2}?zorgen|wil(?:t|len|de|den)? (?:graag )?(?:weten|dat)\b|"
    rf"(?:heeft|hebben|hebt|had|hadden) (?:[\w-]+ ){{0,5}}?(?:{ASKING.participles}|voorgesteld))"
)
_URGES = r"(?:vr(?:aagt|agen|oeg|oegen) zich af|waarschuw(?:t|de|en|den)|pleit(?:te|en)?|(?:raadt|raden|raadde) (?:[\w-]+ ){0,5}?(?:aan|af)\b)"
_APART = (
    rf"(?:{SAYING.apart}|(?:is|zijn|was)(?= .*\bvan (?:mening|oordeel|opvatting)\b)|"
    rf"(?:heeft|hebben|had|hadden)(?= .*\b(?:{SAYING.participles}|laten weten)\b))"
)
"""The first part of verbs of saying when their subject comes between."""

_MARKER = re.compile(r"^(?:[-–•*]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
_WILLS = r"(?:wil|wilde|willen|belooft|beloofde)"
_YOU_SAY = (
    rf"(?:{_SAYS}|{_HOLDS}|{_ASKS}|uit(?= .*\b(?:zorgen|zorg|kritiek)\b)|(?:bent|was) (?:\w+ )?van (?:mening|oordeel|opvatting)|"
    rf"(?:heeft|hebt|hebben|had|hadden) (?:[\w-]+ ){{0,7}}?(?:{SAYING.participles}|{ASKING.participles}|voorgesteld)|"
    rf"(?:heeft|hebt|hebben|had|hadden)(?= .*\b(?:{SAYING.participles}|{ASKING.participles}|voorgesteld)\b)|{SAYING.apart}|{ASKING.apart})"
)
_WORD = (
    r"(?:(?:bij|na|op|over|tijdens|in|met) (?:dat|wat) |(?!(?:wij|we|wat|dat|hoe|of|als(?! (?:reden|argument|onderbouwing|voorbeeld|motivering|toelichting|verklaring|oorzaak)\b)|"
    r"helaas|gelukkig|kennelijk|blijkbaar|hoewel|zolang|indien|omdat|waarom|waar|wanneer|anders|wie|mocht|onze|zonder|toen)\b)"
    r"[\w&’'/.-]+,? )"
)
"""A word before the verb of a main clause; not one that makes the clause the author's own view."""

_OPENING = rf"[“‘\"(]?(?:{_WORD}){{0,16}}?"
_NO_SPEECH = re.compile(
    r"^(?!.*\bdat\b).*\b(?:stel\w* .*\b(?:vragen|beschikbaar|vast|teleur|open|in staat|centraal|uit|op de hoogte|veilig|gerust)\b|"
    r"(?:wijs|wijz|wees|wez)\w* .*\b(?:af|toe|door|terug)\b|(?:zegt|zeggen|zei\w*|zegd\w*) .*\b(?:op|af)[,.;]?$|"
    r"(?:vindt|vond\w*|vinden) .*\b(?:plaats|bijlage|website|hieronder|bijgaand\w*|hierbij)\b|(?:noem|meld|vermeld|schrijf|zeg|antwoord)\w* "
    r"(?:[\w-]+ ){0,4}?(?:niet|niets|geen|nergens)\b|verwacht\w* (?:\w+ )?van (?:ons|de cliëntenraad))|"
    r"\bverwacht\w* (?:\w+ )?van (?:ons|de (?:cliënten|advies)raad)\b",
    re.I,
)
_NOT_ASKED = re.compile(
    rf"^(?!.*\bdat\b)(?=.*\b(?:heeft|hebben|hebt|had|hadden)\b).*\b(?:niet|nooit|geen)\b(?: \w+)? "
    rf"(?:{SAYING.participles}|{ASKING.participles})\b",
    re.I,
)
_BY_NOBODY = re.compile(
    r"^(?!.*\b(?:door|wij|we|ons|onze)\b)(?:(?:tevens|ook|verder|voorts|daarnaast|tot slot) )?(?:er )?"
    r"(?:(?:wordt|werd) (?:er |ook |verder |tevens ){0,2}(?:gevraagd|voorgesteld|geadviseerd|gepleit|bepleit|verzocht|opgemerkt)|"
    r"(?:gevraagd|voorgesteld|geadviseerd|gepleit|bepleit|verzocht|opgemerkt) (?:wordt|werd))\b",
    re.I,
)
"""What is asked in a reply without saying by whom; most likely by the one who is replied to, and nobody can tell."""

_CONTINUES = re.compile(
    r"(?:Het|Dit|Daarbij|Hierbij) zou(?:den)? (?:\w+ ){0,2}?gaan om\b|Het zou (?:daarbij|hierbij|dan) \w+|"
    r"(?!(?:Dat|Dit|Wij|We) )(?!.*\b(?:wij|we|ons|onze)\b)(?=.*\bzou(?:den)?\b)(?:[A-Z][\w-]*)\b.*\b(?:\w+(?:d|t|en) (?:hebben|zijn|worden)|"
    r"(?:hebben|zijn|worden) \w+(?:d|t|en))\.?$|(?:(?:Volgens|Aldus) (?:haar|hem|hen|die)\b)|(?:[\w ]+ )?volgens (?:haar|hem|hen)\b"
)
_PRONOUN = re.compile(
    rf"(?:{_WORD}){{0,3}}?(?:(?:hij|zij|ze|men) {_SAYS}|{_SAYS} (?:hij|zij|ze|men)|(?:{SAYING.apart}) (?:hij|zij|ze|men|het))\b",
    re.I,
)
_WAARBIJ = r"^waarbij {} (?:\w+ )?(?:aangeeft|stelt|meent|opmerkt|schrijft|benadrukt|aantekent)\b"
_OWN = re.compile(
    r"\b(?:in|uit|zie) (?:ons|onze) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|brieven|reactie|notitie))\b|"
    r"\b(?:wij|we) (?:schrijven|schreven|adviseren|adviseerden|stellen|stelden|vragen|vroegen|zeiden|merkten|wezen)\b|"
    r"\b(?:schreven|adviseerden|stelden|vroegen|zeiden|merkten|wezen) (?:wij|we)\b|\bonze eigen woorden\b",
    re.I,
)
_THEIR_POINT = re.compile(r"(?:uw )?(?:advies|aanbeveling|vraag|opmerking|verzoek)(?: \d{1,2})?\s?:", re.I)
"""What stands above an advice or a question to which the executive responds, point by point."""

_YOURS = re.compile(
    r"\b(?:schrijf|schreef|zei|zeg|stel|beloofde) je\b|\b(?:schrijven|schreven|zeiden|stelden|beloofden) jullie\b|"
    r"\b(?:in|uit) (?:uw|je|jouw|jullie) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|brieven|reactie|notitie|nota))\b|"
    r"\b(?:schrijft|schreef|adviseert|adviseerde|stelt|vraagt|zegt|meldt|vindt|noemt|merkt|geeft) u\b|"
    r"\bu (?:schrijft|schreef|stelt|adviseert|vraagt|zegt|meldt|noemt|vindt|geeft|merkt)\b",
    re.I,
)
_MENTIONS = {
    Voice.EXECUTIVE: re.compile(
        r"\b(?:college|gemeente|wethouder|B&W|uw medewerkers|nota|persbericht|jaarverslag)\b", re.I
    ),
    Voice.COUNCIL: re.compile(r"\b(?:cliëntenraad|clientenraad|adviesraad|uw raad)\b", re.I),
}
_MENTIONS_OTHERS = re.compile(
    r"\b(?:rechter|rechtbank|Centrale Raad|minister|staatssecretaris|Rijk|UWV|ombudsman|wetgever|artikel \d+|inwoners?|"
    r"bewoners?|cliënt(?:en)?|moeder|vader|man|vrouw|onderzoekers?|deelnemers?)\b",
    re.I,
)
_DETERMINER = re.compile(r"^(?:ons|onze|uw|jullie|je|de|het|een|haar|zijn|hun)\s+", re.I)


def _reporting(who: str, says: str) -> re.Pattern[str]:
    """Sentences whose main clause says what `who` says."""
    tells = rf"(?:{SAYING.participles})"
    return re.compile(
        rf"^(?:[“‘\"(]?(?:(?:ook|zelfs|maar|en|nu|inmiddels|daarnaast|terecht|verder) )?{who}{NAME}(?: \w+)? {says}\b|"
        rf"{_OPENING}(?:{says}|{_APART}) (?:er )?{who}\b|{_OPENING}(?:volgens|blijkens) (?:(?:de|het|een) [\w-]+ van )?{who}\b|"
        rf"zoals (?:ook )?{who}{NAME} (?:[\w-]+ ){{0,4}}?(?:{SAYING.near}|aangaf|aangeeft|opmerkte|opmerkt|toezegde|uitlegde),|"
        rf"{_OPENING}(?:aldus|zo (?:stelt|meldt|schrijft|zegt|meent|zei)) {who}{NAME}(?: \w+)?[.!]?$|"
        rf".{{15,}}, (?:aldus|(?:zo )?(?:{SAYING.near})) {who}{NAME}(?: \w+)?[.!]?$|"
        rf"(?:naar|in) (?:de |het )?(?:mening|oordeel|opvatting|visie|ogen|idee) van {who}\b|"
        rf"(?:het|de) (?:standpunt|antwoord|reactie|mening|redenering|argument) van {who}{NAME} (?:is|luidt|was)\b|"
        rf"{who}{NAME} .*\bnaar eigen zeggen\b|{who}\b.{{8,}}, (?:zo )?(?:{SAYING.near}) (?:hij|zij|ze)\.?$|"
        rf"(?=.*\b(?:wordt|werd|is|was)\b)(?=.*\b{tells}\b)(?=.*\bdat\b){_OPENING}door {who}\b|"
        rf"{_WAARBIJ.format(who)})",
        re.I,
    )


def _naming(says: str) -> tuple[re.Pattern[str], ...]:
    """Clauses anywhere in a lead-in that say who says something, the subject before its verb or after it."""
    named = "|".join(rf"(?P<{voice.value}>{who})" for voice, who in PARTIES.items())
    free = r"(?<!uit )(?<!van )(?<!in )(?<!bij )(?<!over )(?<!door )(?<!met )(?<!aan )"
    return (
        re.compile(rf"{free}\b(?:{named}){NAME}(?: (?:ons|daarover|hierover|dan|zelf))? {says}\b", re.I),
        re.compile(rf"\b(?:{says}|aldus|volgens|zo) (?:{named})\b", re.I),
    )


_NAMED_SPEAKERS = _naming(rf"(?:{_SAYS}|{_ASKS}|{_WILLS})")
_REPORTS = (
    (Voice.EXECUTIVE, _reporting(PARTIES[Voice.EXECUTIVE], rf"(?:{_SAYS}|{_HOLDS}|{_URGES})")),
    (Voice.COUNCIL, _reporting(PARTIES[Voice.COUNCIL], rf"(?:{_SAYS}|{_HOLDS}|{_ASKS})")),
    (Voice.OTHER, _reporting(BODY, rf"(?:{_SAYS}|{_URGES})")),
    (Voice.OTHER, _reporting(SOMEBODY, rf"(?:{_TELLS}|(?:is|zijn|was|waren) bang dat\b)")),
)
_SAYS_FIRST = {
    voice: re.compile(
        rf"^(?:(?:ook|maar|en|daarnaast|verder) )?{PARTIES[voice]}{NAME} (?:{_SAYS}|{_ASKS})(?! (?:wat|hoe|of)\b)", re.I
    )
    for voice in (Voice.COUNCIL, Voice.EXECUTIVE)
}
"""Sentences of an author about itself: what follows is no other's ("De raad vindt het plan een goede stap")."""

_U = r"(?:u|jullie|jij)"
_YOU = re.compile(
    rf"^(?:(?:{_WORD}){{0,3}}?(?<!met )(?<!aan )(?<!voor )(?<!van )(?<!bij )(?<!door ){_U} {_YOU_SAY}\b|"
    rf"{_OPENING}{_YOU_SAY} {_U}\b|(?:{_WORD}){{0,6}}?volgens {_U}\b|"
    rf"(?:{_WORD}){{0,3}}?je (?:{SAYING.near}|(?:hebt|had) (?:[\w-]+ ){{0,4}}?(?:{SAYING.participles}))\b.*\bdat\b|"
    rf"(?:uwerzijds|van uw (?:kant|zijde)|door u) (?:wordt|werd|is) (?:[\w-]+ ){{0,6}}?(?:{SAYING.participles}|{ASKING.participles})\b|(?:{_WORD}){{0,6}}?(?:zei|schreef|beloofde|vertelde|meldde) je\b|"
    r"(?:naar|in) (?:uw|jullie) (?:mening|oordeel|opvatting|ogen|visie|idee)\b|"
    rf"(?:wij|we|ik) (?:hoorden|hebben|heb|hoorde) {_U} .*\b(?:zeggen|beloven|toezeggen|vertellen)\b|"
    rf"(?:in|op) (?:uw|jullie) (?:[\w-]+ ){{1,3}}?(?:staat|stond|is te lezen|lezen (?:wij|we))\b(?! (?:niet|niets|geen|nergens)).*\b(?:dat|hoe)\b|"
    r"(?:uw|jullie) (?:\w+ )?(?:advies|verzoek|vraag|voorstel|standpunt|zorg) (?:is|luidt|was) (?:om|dat|of|ook|vooral)\b)",
    re.I,
)
_TO_YOU = re.compile(r"\b(?:u|uw|jullie|je|jij|jouw|uwerzijds)\b", re.I)
_IN_A_PAPER = re.compile(
    rf"^{_OPENING}(?:in|op) (?:bladzijde \d+ van )?(?:de|het|uw|jullie) {PAPER}{NAME}(?: [\w-]+){{0,6}}? "
    r"(?:staat|stond|lezen (?:wij|we)|lees ik|lazen (?:wij|we)|is te lezen|wordt (?:gesteld|vermeld|gezegd))\b"
    r"(?! (?:\w+ )?(?:niet|niets|geen|nergens|over))(?=.*(?:\bdat\b|\bhoe\b|[‘'“\"]))",
    re.I,
)
_A_PARTY = re.compile("|".join(rf"\b{who}" for who in PARTIES.values()), re.I)
_AT_THE_TABLE = re.compile(
    r"^(?:(?P<executive>(?:(?:de )?wethouder|de burgemeester)(?: (?!van )(?-i:[A-Z][\w-]+))*)|"
    rf"(?P<council>de cli[ëe]ntenraad(?: (?-i:[A-Z&][\w&]*))*|(?:de|het) {COUNCIL.pattern}|het platform|de adviesraad|de (?:wmo|participatie|senioren)-?raad)|"
    r"(?P<other>een inwoner)) (?!van\b|en\b|is (?:afwezig|verhinderd|ziek)\b|was (?:afwezig|verhinderd)\b)[a-z]",
    re.I,
)
"""How a sentence of minutes begins that tells what someone at the table says or does."""

_THE_COUNCIL = re.compile(rf"^de raad(?:sleden)? (?:{_WILLS}|{_SAYS}|{_ASKS})\b", re.I)
_AFTER_WHICH = re.compile(
    r"^(?:Daarmee|Daarop|Hierop|Hiermee|Desgevraagd|Vervolgens|Daarna|Tevens|Ook|Verder|Tot slot) [a-zà-ÿ]+ (?=de wethouder\b|de cliëntenraad\b)"
)
_TURN = re.compile(
    r"^[-–•* ]*(?:(?P<executive>(?:de )?wethouder|(?:de )?burgemeester|het college|(?:de )?gemeente)|"
    r"(?P<council>(?:de )?cli[ëe]ntenraad|(?:de )?adviesraad|(?:het )?platform)|(?P<other>een inwoner))(?: \([^)]*\))?\s?: ",
    re.I,
)
"""A turn in minutes that begins with who has it."""

_OF_THE_WRITER = re.compile(
    r"\b(?:deze|dit|onze) (?:samenvatting|overzicht|stuk)\b|\b(?:wij|we) (?:vat\w*|geven|gaven|hebben|beschrijven|laten)\b.*\b(?:samen\w*|weer\w*|"
    r"hieronder|oordeel|buiten beschouwing)\b|\bons (?:\w+ )?advies\b|\bonze (?:\w+ )?(?:mening|reactie|opmerkingen|opvatting|standpunt|kanttekening\w*)\b|"
    r"\bwat (?:wij|we) (?:ervan|daarvan|hiervan) vinden\b|\bniet (?:onze|ons) (?:mening|oordeel)\b",
    re.I,
)
_UNSAID = re.compile(
    rf"^{_OPENING}(?:(?:de|het|dit|deze) {PAPER}{NAME} )?(?:zegt|noemt|vermeldt|meldt|beschrijft|bevat) (?:(?:de|het|dit|deze) {PAPER}{NAME} )?"
    r"(?:er |daar\w* |ook |echter )*(?:niet|niets|geen|nergens)\b",
    re.I,
)
SAYS_AFTERWARDS = re.compile(
    rf"\s*,?\s*(?P<words>(?:(?:aldus|zo|volgens)\b|{_SAYS}\b|"
    r"(?:schreven|adviseerden|stelden|vroegen|zeiden) (?:wij|we)\b)[^.!?\n]{0,120})"
)
"""What may follow a quotation to say whose it was."""


def reported_speaker(sentence: str, sides: Sides) -> Voice | None:
    """Who says what a sentence of a letter reports; None when it reports nobody's words.

    A sentence in which the author doubts, asks or judges what another says is the author's.
    """
    voice, sentence = sides.voice, sides.replaced(_MARKER.sub("", sentence))
    if sides.called_raad and _THE_COUNCIL.match(sentence):
        return Voice.COUNCIL
    if sides.minutes and (at_the_table := _AT_THE_TABLE.match(_inverted(sentence))):
        return _voice_of(at_the_table)
    if voice is not sides.author and (_OF_THE_WRITER.search(sentence) or _UNSAID.match(sentence)):
        return sides.author
    if sentence.rstrip('”’") ').endswith("?") or _NO_SPEECH.search(sentence) or _NOT_ASKED.search(sentence):
        return None
    if voice is Voice.EXECUTIVE and (point := _THEIR_POINT.match(sentence) or _BY_NOBODY.match(sentence)):
        return Voice.COUNCIL if point.re is _THEIR_POINT else Voice.UNKNOWN
    if sides.author is Voice.COUNCIL and voice is Voice.COUNCIL and _IN_A_PAPER.match(sentence):
        return Voice.EXECUTIVE
    if voice in _SAYS_FIRST and _SAYS_FIRST[voice].match(sentence):
        return voice
    for speaker, pattern in _REPORTS:
        if speaker is not voice and CALLED[speaker].search(sentence) and pattern.match(sentence):
            return _unless_yours(sentence, speaker, sides)
    you = _YOU.match(sentence) if sides.addressed is not Voice.UNKNOWN and _TO_YOU.search(sentence) else None
    return sides.addressed if you and not _A_PARTY.search(re.sub(r"\b(?:uw|jullie) [\w-]+", "", you[0])) else None


def _unless_yours(sentence: str, speaker: Voice, sides: Sides) -> Voice:
    """The one who speaks; "uw raad" and "uw medewerkers" are the one's who is written to."""
    yours = re.match(r"(?:uw|jullie|je) ", sentence, re.I) and sides.addressed is not Voice.UNKNOWN
    return sides.addressed if yours and sides.addressed is Voice.OTHER else speaker


def whose_turn(sentence: str, sides: Sides) -> tuple[Voice, int] | None:
    """Who has the turn in minutes from a sentence on that begins with a name and a colon, and where the words begin."""
    if not sides.minutes or ": " not in sentence[:60]:
        return None
    begin = sentence.index(": ") + 2
    turn = _TURN.match(sides.replaced(sentence[:begin]))
    return (_voice_of(turn), begin) if turn else None


def _inverted(sentence: str) -> str:
    """A sentence with its subject first: "Daarop zegt de wethouder toe …" becomes "de wethouder toe …"."""
    return _AFTER_WHICH.sub("", sentence)


def _voice_of(match: re.Match[str]) -> Voice:
    return next(Voice(name) for name, words in match.groupdict().items() if words)


def refers_back(sentence: str) -> bool:
    """Whether a sentence reports what "hij" or "zij" says, who spoke a little earlier: "Later liet zij weten dat …"."""
    return bool(_PRONOUN.match(sentence))


def goes_on(sentence: str, said: Voice, sides: Sides) -> bool:
    """Whether a sentence after a report by `said` goes on with it: "Het zou daarbij gaan om …", "Zij zei ook dat …"."""
    if _CONTINUES.match(sentence) or _PRONOUN.match(sentence):
        return True
    if sides.minutes:
        return bool(re.match(r"(?:Hij|Zij|Ze) [a-z]", sentence))
    return said is Voice.COUNCIL and bool(_THE_COUNCIL.match(sentence))


def quoted_speaker(lead_in: str, sides: Sides, date: dt.date | None) -> tuple[Voice, str | None]:
    """Whose words follow a lead-in in a letter of that date, and from which letter they come."""
    voice, lead_in = sides.voice, sides.replaced(lead_in)
    for pattern, speaker in ((_OWN, voice), (_YOURS, sides.addressed)):
        match = pattern.search(lead_in)
        if match:
            return speaker, _letter_named(lead_in, voice, speaker, date) or match["what"]
    if voice is Voice.EXECUTIVE and _THEIR_POINT.match(lead_in):
        return Voice.COUNCIL, _letter_named(lead_in, voice, Voice.COUNCIL, date)
    for naming in _NAMED_SPEAKERS:
        found = [*naming.finditer(lead_in)]
        if found:
            speaker = next(Voice(name) for name, words in reversed(found[-1].groupdict().items()) if words)
            return speaker, _letter_named(lead_in, voice, speaker, date)
    if lead_in.endswith((".", "!", "?")) or _MENTIONS_OTHERS.search(lead_in):
        return Voice.UNKNOWN, None
    mentioned = [speaker for speaker, pattern in _MENTIONS.items() if pattern.search(lead_in)]
    speaker = mentioned[0] if len(mentioned) == 1 else Voice.UNKNOWN
    return speaker, _letter_named(lead_in, voice, speaker, date)


def _letter_named(lead_in: str, voice: Voice, speaker: Voice, date: dt.date | None) -> str | None:
    """The letter by a speaker, or by nobody that is told, that a lead-in names with its date or kenmerk."""
    named = [
        reference
        for reference in references_in(lead_in, author=voice, date=date)
        if reference.author in (speaker, Voice.UNKNOWN)
    ]
    return _DETERMINER.sub("", lead_in[named[-1].start : named[-1].end]) if named else None
