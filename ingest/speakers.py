"""Whom a sentence or a lead-in names as the one who speaks: "Het college stelt dat …", "In ons advies stond:"."""

from __future__ import annotations

import datetime as dt
import re

from ingest.references import other_side, references_in
from vectorstore.letters import Voice

_NAME = r"(?: (?-i:(?:van (?:de gemeente )?)?[A-Z][\w.-]+))*"
_PARTIES = {
    Voice.EXECUTIVE: (
        r"(?:het (?:dagelijks )?bestuur van de gemeente|(?:het|uw|ons) college(?: van (?:B ?& ?W|burgemeester en wethouders))?|"
        r"(?:de|uw) gemeente(?! ?raad)|(?:de |uw )?(?:verantwoordelijk )?wethouder(?:s)?(?: (?:mevrouw|de heer))?|B ?& ?W|de burgemeester|"
        r"burgemeester en wethouders|(?:de|uw) (?:medewerkers|ambtena(?:ar|ren)|beleidsmedewerkers?|directie|vakdirecteur)|"
        r"(?:de|het|uw) (?:concept)?(?:nota|beleidsnota|beleidsplan|beleidsregels|raadsvoorstel|raadsbrief|collegebesluit|persbericht|"
        r"werkprogramma|jaarverslag))"
    ),
    Voice.COUNCIL: (
        r"(?:(?:de|uw|onze) (?:cli[ëe]ntenraad|adviesraad|participatieraad|wmo-raad|seniorenraad|CR|ASD)(?: (?-i:[A-Z&][\w&]*|van))*|"
        r"(?:uw|onze) raad|de raad(?=\s(?:\w+\s)?(?:adviseert|pleit|stelt dat|vindt|meent|constateert|schrijft|wijst|geeft aan|vraagt ons|is kritisch)\b))"
    ),
    Voice.OTHER: (
        r"(?:(?:de|het|een) (?:minister|staatssecretaris|ministerie|rijk|kabinet|rechter|rechtbank|hoge raad|"
        r"centrale raad van beroep|ombudsman|kinderombudsman|rekenkamer|inspectie|provincie|wetgever|gemeenteraad|raadscommissie|"
        r"onderzoekers?|commissie|zorgaanbieders?|SCP|CPB|CBS|Nibud|UWV|VNG|SVB|WRR|cliënt(?:en)?|inwoners?|bewoners?|moeder|vader|"
        r"man|vrouw|deelnemers?|bezoekers?|hulpverleners?|huisarts)|[eé]{1,2}n van (?:de|onze) (?:leden|cliënten|bewoners|"
        r"inwoners|deelnemers)|Nibud|UWV|VNG|Divosa|Movisie|SCP|CPB|CBS)"
    ),
}
"""The parties to a correspondence and those outside it, as letters call them."""

_SAYS = (
    r"(?:stel(?:t|de|len|den)|schrijf(?:t)?|schrijven|schreef|schreven|meld(?:t|de|en)|meen(?:t|de)|menen|vind(?:t)?|vinden|vond(?:en)?|"
    r"zegt|zeggen|zei(?:den)?|betoog(?:t|de)|betogen|verwacht(?:te|en)?|acht(?:te|en)?|noem(?:t|de|en)|concludeer(?:t|de)|"
    r"concluderen|erken(?:t|de|nen)|beweer(?:t|de)|antwoord(?:t|de|en)|benadruk(?:t|te|ken)|constateer(?:t|de)|constateren|"
    r"bevestig(?:t|de|en)|verklaar(?:t|de)|denk(?:t|en)|dacht|gelooft|oordeel(?:t|de)|oordelen|vertel(?:t|de)|vermeld(?:t|de)|"
    r"signaleer(?:t|de)|"
    r"verzeker(?:t|de)|ontken(?:t|de)|beloof(?:t|de)|betwijfel(?:t|de)|"
    r"(?:laat|lieten|liet) (?:\w+ ){0,3}?weten|(?:geeft|geven|gaf|gaven) (?:[\w-]+ ){0,5}?aan\b|voer(?:t|de|en) (?:\w+ ){0,5}?aan\b|"
    r"merk(?:t|te|ten) (?:[\w-]+ ){0,4}?op\b|mail(?:t|de|den)|wij(?:st|zen) (?:\w+ ){0,5}?(?:op|erop)\b|wees (?:\w+ ){0,5}?(?:op|erop)\b|kondig(?:t|de) (?:\w+ ){0,5}?aan\b|"
    r"deel(?:t|de) (?:\w+ ){0,5}?mee\b|(?:legt|leggen|legde|legden) (?:\w+ ){0,4}?uit\b|licht(?:te)? (?:\w+ ){0,4}?toe\b|"
    r"gaa?(?:t|n) er ?van ?uit|ging er ?van ?uit|(?:is|zijn|was|waren) (?:\w+ )?van (?:mening|oordeel|opvatting)|"
    r"beroept zich op|zegt (?:\w+ ){0,3}?toe\b|"
    r"(?:heeft|hebben) (?:[\w-]+ ){0,7}?(?:gesteld|gezegd|geschreven|aangegeven|gemeld|meegedeeld|toegezegd|verteld|verklaard|toegelicht|geantwoord|laten weten))"
)
_HOLDS = (
    r"(?:motiveer(?:t|de)|onderbouw(?:t|de)|onderschrijf(?:t)?|onderschreef|verwijst naar|verwees naar|herkent|(?:hanteer|formuleer|onderscheid)(?:t|de) "
    r"(?:de|het) volgende|ziet (?:hiervoor |daarvoor |wel |nu )?(?:geen|wel) (?:aanleiding|reden|mogelijkhe\w+|noodzaak|ruimte)|"
    r"(?:is|was) het (?:[\w-]+ ){0,4}eens|deel(?:t|de) (?:[\w-]+ ){0,3}(?:mening|zorgen|zorg|opvatting|conclusie)|"
    r"(?:geeft|gaf) als \w+ dat)"
)
"""Verbs of holding a view; they report it, and introduce no quotation."""

_ASKS = (
    r"(?:adviseer(?:t|de)|vraagt|vroeg|verzoekt|verzocht|pleit(?:te)?|bepleit(?:te)?|waarschuw(?:t|de)|formuleert|"
    r"mis(?:t|te)|is (?:\w+ )?(?:kritisch|bezorgd|positief|negatief)|uit(?:te)? (?:\w+ ){0,2}?(?:zorgen|kritiek)|omschrijf(?:t)?|omschreef|beschrijft|beveelt|raadt|maakt zich (?:\w+ ){0,2}?zorgen|doet (?:de|een) (?:aanbeveling|oproep|suggestie)|"
    r"(?:heeft|hebben|hebt) (?:[\w-]+ ){0,5}?(?:geadviseerd|gevraagd|verzocht|bepleit))"
)
_APART = (
    r"(?:(?:geeft|geven|gaf|gaven|voert|voeren|voerde|kondigt|kondigde)(?= .*\baan\b)|(?:wijst|wijzen|wees)(?= .*\b(?:op|erop)\b)|"
    r"(?:deelt|deelde)(?= .*\bmee\b)|(?:legt|leggen|legde)(?= .*\buit\b)|(?:licht|lichtte|zegt)(?= .*\btoe\b)|(?:laat|laten|liet|lieten)(?= .*\bweten\b)|"
    r"(?:is|zijn|was)(?= .*\bvan (?:mening|oordeel|opvatting)\b)|(?:gaat|gaan|ging)(?= .*\ber ?van ?uit\b)|"
    r"(?:heeft|hebben)(?= .*\b(?:gesteld|gezegd|geschreven|aangegeven|gemeld|meegedeeld|toegezegd|verteld|verklaard|toegelicht|geantwoord|laten weten)\b))"
)
"""The first part of verbs of saying when their subject comes between."""

_WILLS = r"(?:wil|wilde|willen|belooft|beloofde)"
_YOU_SAY = (
    rf"(?:{_SAYS}|{_HOLDS}|{_ASKS}|uit(?= .*\b(?:zorgen|zorg|kritiek)\b)|(?:bent|was) (?:\w+ )?van (?:mening|oordeel|opvatting)|stel|geef (?:\w+ ){{0,4}}aan|"
    r"(?:heeft|hebt) (?:[\w-]+ ){0,7}?(?:gesteld|geschreven|aangegeven|gemeld|gevraagd|geadviseerd|verzocht))"
)
_WORD = (
    r"(?!(?:wij|we|wat|dat|hoe|of|als(?! (?:reden|argument|onderbouwing|voorbeeld|motivering|toelichting|verklaring|oorzaak)\b)|"
    r"helaas|gelukkig|kennelijk|blijkbaar|hoewel|zolang|indien|omdat|waarom|waar|wanneer|anders|wie|mocht|onze|zonder|toen)\b)"
    r"[\w&’'/.-]+,? "
)
"""A word before the verb of a main clause; not one that makes the clause the author's own view."""

_OPENING = rf"[“‘\"(]?(?:{_WORD}){{0,16}}?"
_NO_SPEECH = re.compile(
    r"^(?!.*\bdat\b).*\b(?:stel\w* .*\b(?:beschikbaar|vast|teleur|open|in staat|centraal|uit|op de hoogte|veilig|gerust)\b|"
    r"(?:vindt|vond\w*|vinden) .*\b(?:plaats|bijlage|website|hieronder|bijgaand\w*|hierbij)\b|(?:noem|meld|vermeld|schrijf|zeg|antwoord)\w* "
    r"(?:[\w-]+ ){0,4}?(?:niet|niets|geen|nergens)\b|verwacht\w* (?:\w+ )?van (?:ons|de cliëntenraad))|"
    r"\bverwacht\w* (?:\w+ )?van (?:ons|de (?:cliënten|advies)raad)\b",
    re.I,
)
_CONTINUES = re.compile(
    r"(?:Het|Dit|Daarbij|Hierbij) zou(?:den)? (?:\w+ ){0,2}?gaan om\b|Het zou (?:daarbij|hierbij|dan) \w+"
)
_PRONOUN = re.compile(rf"(?:{_WORD}){{0,3}}?(?:(?:hij|zij|ze|men) {_SAYS}|{_SAYS} (?:hij|zij|ze|men))\b", re.I)
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
    r"\b(?:in|uit) uw (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|brieven|reactie|notitie|nota))\b|"
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
_DETERMINER = re.compile(r"^(?:ons|onze|uw|jullie|de|het|een|haar|zijn|hun)\s+", re.I)


def _reporting(who: str, says: str) -> re.Pattern[str]:
    """Sentences whose main clause says what `who` says."""
    return re.compile(
        rf"^(?:[“‘\"(]?(?:(?:ook|zelfs|maar|en|nu|inmiddels|daarnaast|terecht|verder) )?{who}{_NAME}(?: \w+)? {says}\b|"
        rf"{_OPENING}(?:{says}|{_APART}) (?:er )?{who}\b|{_OPENING}volgens {who}\b|"
        rf"{_OPENING}(?:aldus|zo (?:stelt|meldt|schrijft|zegt|meent)) {who}{_NAME}(?: \w+)?[.!]?$|"
        rf"(?:naar|in) (?:de |het )?(?:mening|oordeel|opvatting|visie|ogen|idee) van {who}\b|"
        rf"(?:het|de) (?:standpunt|antwoord|reactie|mening|redenering|argument) van {who}{_NAME} (?:is|luidt|was)\b|"
        rf"{_WAARBIJ.format(who)})",
        re.I,
    )


def _naming(says: str) -> tuple[re.Pattern[str], ...]:
    """Clauses anywhere in a lead-in that say who says something, the subject before its verb or after it."""
    named = "|".join(rf"(?P<{voice.value}>{who})" for voice, who in _PARTIES.items())
    free = r"(?<!uit )(?<!van )(?<!in )(?<!bij )(?<!over )(?<!door )(?<!met )(?<!aan )"
    return (
        re.compile(rf"{free}\b(?:{named}){_NAME}(?: (?:ons|daarover|hierover|dan|zelf))? {says}\b", re.I),
        re.compile(rf"\b(?:{says}|aldus|volgens|zo) (?:{named})\b", re.I),
    )


_NAMED_SPEAKERS = _naming(rf"(?:{_SAYS}|{_ASKS}|{_WILLS})")
_REPORTS = {
    Voice.EXECUTIVE: _reporting(_PARTIES[Voice.EXECUTIVE], rf"(?:{_SAYS}|{_HOLDS})"),
    Voice.COUNCIL: _reporting(_PARTIES[Voice.COUNCIL], rf"(?:{_SAYS}|{_HOLDS}|{_ASKS})"),
    Voice.OTHER: _reporting(_PARTIES[Voice.OTHER], _SAYS),
}
_YOU = re.compile(
    rf"^(?:(?:{_WORD}){{0,3}}?(?<!met )(?<!aan )(?<!voor )(?<!van )(?<!bij )(?<!door )u {_YOU_SAY}\b|{_OPENING}{_YOU_SAY} u\b|(?:{_WORD}){{0,6}}?volgens u\b|"
    r"uw (?:\w+ )?(?:advies|verzoek|vraag|voorstel|standpunt|zorg) (?:is|luidt|was) (?:om|dat|of|ook|vooral)\b)",
    re.I,
)
_TO_YOU = re.compile(r"\b(?:u|uw)\b", re.I)
_A_PARTY = re.compile("|".join(rf"\b{who}" for who in _PARTIES.values()), re.I)
SAYS_AFTERWARDS = re.compile(
    rf"\s*,?\s*(?P<words>(?:(?:aldus|zo|volgens)\b|{_SAYS}\b|"
    r"(?:schreven|adviseerden|stelden|vroegen|zeiden) (?:wij|we)\b)[^.!?\n]{0,120})"
)
"""What may follow a quotation to say whose it was."""


_CALLED = {
    Voice.EXECUTIVE: re.compile(
        r"college|gemeente|wethouder|B ?& ?W|burgemeester|medewerker|ambtena|direct|nota|plan|regels|voorstel|brief|besluit|bericht|programma|verslag",
        re.I,
    ),
    Voice.COUNCIL: re.compile(r"raad|\bCR\b|\bASD\b", re.I),
    Voice.OTHER: re.compile(
        r"minister|secretaris|rijk|kabinet|recht|raad|ombudsman|rekenkamer|inspectie|provincie|wetgever|commissie|onderzoeker|aanbieder|"
        r"S[CV][PB]|C[PB][BS]|Nibud|UWV|VNG|WRR|Divosa|Movisie|cliënt|woner|moeder|vader|\b(?:vrouw|man)\b|deelnemer|bezoeker|"
        r"hulpverlener|huisarts|n van (?:de|onze)",
        re.I,
    ),
}
"""Words without which a sentence names no such party; looked for first, because most sentences have none."""


def reported_speaker(sentence: str, voice: Voice) -> Voice | None:
    """Who says what a sentence reports, in a letter by `voice`; None when it reports nobody's words.

    A sentence in which the author doubts, asks or judges what another says is the author's.
    """
    if sentence.rstrip('”’") ').endswith("?") or _NO_SPEECH.search(sentence):
        return None
    if voice is Voice.EXECUTIVE and _THEIR_POINT.match(sentence):
        return Voice.COUNCIL
    for speaker, pattern in _REPORTS.items():
        if speaker is not voice and _CALLED[speaker].search(sentence) and pattern.match(sentence):
            return speaker
    you = _YOU.match(sentence) if other_side(voice) is not Voice.UNKNOWN and _TO_YOU.search(sentence) else None
    return other_side(voice) if you and not _A_PARTY.search(you[0]) else None


def goes_on(sentence: str) -> bool:
    """Whether a sentence after a report goes on with it: "Het zou daarbij gaan om …", "Zij zei ook dat …"."""
    return bool(_CONTINUES.match(sentence) or _PRONOUN.match(sentence))


def quoted_speaker(lead_in: str, voice: Voice, date: dt.date | None) -> tuple[Voice, str | None]:
    """Whose words follow a lead-in in a letter by `voice` of that date, and from which letter they come."""
    for pattern, speaker in ((_OWN, voice), (_YOURS, other_side(voice))):
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
