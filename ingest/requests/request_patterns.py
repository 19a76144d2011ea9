"""Patterns of asking in Dutch: requests, advice to do something, wishes, imperatives, questions."""

from __future__ import annotations

import re
from functools import cache

from vectorstore.letters import Voice

_COUNCIL = (
    r"(?:de|het|onze) (?:[\w-]+- en )?(?:(?!gemeenteraad\b)[\w-]*(?:raad|platform|panel|beraad|forum|adviescommissie|belangengroep)|CR|ASD)"
    r"(?: (?-i:[A-Z&][\w&]*))*"
)
_SELF = {
    Voice.COUNCIL: rf"(?:wij|we|ik|{_COUNCIL})",
    Voice.EXECUTIVE: r"(?:wij|we|ik|het college(?: van (?:burgemeester en wethouders|B&W))?|de gemeente)",
    Voice.OTHER: r"(?:wij|we|ik)",
}
_YOU = (
    r"(?:u|uw|je|jullie|het college(?: van \w+)?|de gemeente|de (?:gemeente)?raad|de wethouder|de directie|het bestuur|"
    r"uw (?:college|raad|gemeente|collega[’']?s)|de (?:cliëntenraad|adviesraad))"
)
_FILLER = (
    r"(?:dan ook|daarom|derhalve|dus|ook|tevens|verder|nogmaals|opnieuw|met klem|dringend|graag|nadrukkelijk|concreet|nu|"
    r"vriendelijk|beleefd|hierbij|hiermee|samenvattend|voorts|eveneens|wel|allereerst|vooral|echter|daarnaast|"
    r"ten (?:eerste|tweede|derde|vierde|slotte)|tot slot|in ieder geval|bij dezen?|bovendien)"
)
_AGAIN = r"(?:het|dit|dat) (?:u )?(?:nu |hierbij |vandaag |nogmaals )*(?:opnieuw|weer|nogmaals|voor de \w+ keer|met (?:meer )?klem)"
_PROPOSES = rf"(?:stelt?|stellen)(?: (?:{_FILLER}|{_YOU}|wij|we|ik))*(?: (?!ons\b|vast\b)[\w€%’'-]+){{0,8}}? voor\b(?! (?:het|een) (?:feit|raadsel|keuze))"
_ASKS = (
    r"verzoek(?:t|en)?|advise(?:er|ert|ren)\b(?! u over\b)|pleit(?:en)? (?:\w+ ){0,3}?(?:voor|ervoor)|bepleit(?:en)?|"
    rf"(?:raad|raadt|raden|beveel|beveelt|bevelen|dring|dringt|dringen)(?= .*\baan\b)|(?:roep|roept|roepen)(?= .*\bop\b)|"
    rf"(?:nodigt|nodigen)(?= .*\buit\b)|{_PROPOSES}|"
    rf"(?:doe|doet|doen) (?:[\w-]+ ){{0,4}}?(?:beroep op {_YOU}|oproep|verzoek|aanbeveling|suggestie|voorstel)|"
    rf"(?:stel(?:t|len)?|zou(?:den)?) het (?:\w+ )?op prijs (?:stellen )?(?:als|indien|wanneer) {_YOU}|"
    r"(?:zou(?:den)?) het (?:\w+ ){0,2}?(?:waarderen|toejuichen|vinden) (?:als|wanneer|indien)\b|"
    r"(?:geef|geeft|geven) (?:\w+ ){0,3}?(?:in overweging|mee)\b|"
    rf"verwacht(?:en)? (?:{_FILLER} )?(?:van {_YOU}|dat {_YOU})|hop(?:en|t) (?:{_FILLER} )?dat {_YOU}|"
    rf"rekenen? er(?: {_FILLER})? ?op dat {_YOU}|ga(?:an|at)? er(?: {_FILLER})? ?van ?uit dat {_YOU}|"
    r"(?:acht(?:en)?|vind(?:t|en)?) het (?:\w+ ){0,2}?(?:wenselijk|gewenst|raadzaam|noodzakelijk|nodig) (?:dat|om|als)\b|"
    r"(?:herhaal|herhaalt|herhalen) (?:\w+ ){0,3}?(?:verzoek|advies|vraag|vragen|oproep|aanbeveling)|"
    rf"(?:herha(?:alt?|len)|vra(?:agt?|gen)|legg?(?:en|t)?) {_AGAIN}|"
    rf"(?:vraag|vraagt|vragen)(?: {_FILLER})* (?:{_YOU}|om|ook om|aan {_YOU}|aandacht|of|waarom|hoe|wanneer|welke|wat|dat|waar|"
    r"(?:het|de) (?:[\w-]+ ){1,3}?(?:om|of))\b"
)
_INVERTED_ASKS = (
    r"verzoek(?:t|en)?|advise(?:er|ert|ren)\b(?! wij u over\b)|pleit(?:en)?|bepleit(?:en)?|vra(?:ag|agt|gen)|"
    r"(?:raadt?|raden|beveelt?|bevelen|dringt?|dringen)(?= .*\baan\b)|(?:roept?|roepen)(?= .*\bop\b)|"
    rf"(?:stelt?|stellen)(?= (?:wij|we|ik|{_COUNCIL})(?: (?!ons\b|vast\b)[\w€%’'-]+){{0,8}}? voor\b)|herha(?:alt?|len)|"
    r"doe(?:t|n)?(?= .*\b(?:beroep|oproep|verzoek|aanbeveling)\b)|verwacht(?:en)?(?= .*\b(?:van u|dat u|dat het college)\b)"
)
_WISHES = rf"(?:wil(?:len)?|zou(?:den)?|kunnen|moet(?:en)?(?= (?:(?:wij|we|ik) )?{_YOU}))"
_WISHED = (
    r"(?:verzoeken|vragen|adviseren|voorstellen|aanbevelen|aanraden|oproepen|pleiten|bepleiten|aandringen|vernemen|ontvangen|"
    r"(?<!laten )weten|horen|zien|meegeven|voorleggen|krijgen|lezen)"
)
_WELCOMES = r"(?:verne(?:em|emt|men)|ontvang(?:t|en)?|hoor(?:t)?|horen|zie(?:t|n)?|krijg(?:t|en)?|le(?:es|est|zen)|we(?:et|ten))"
_MAY_ASK = re.compile(
    r"\b(?:verzoek|advi|pleit|bepleit|vra(?:ag|gen)|graag|raad|raden|beve|dring|roep|nodig|stel|voorstel|oproep|beroep|gaarne|"
    r"lijkt|g(?:eef|even)|verwacht|hop|herha|wil|zou|zie|moet|kunnen|aanbeveling|tegemoet|wens|voorkeur|reken|ervan|acht|vind|leg|"
    r"dien|raadzaam|pleidooi|suggestie|betreft)",
    re.I,
)
"""Words without which a sentence asks nothing; searched first, because most sentences have none."""

_POLITE = re.compile(
    r"^(?:mocht|indien|als|heeft|hebt|hebben|heb) (?:u|je|jullie)\b.*\b(?:vragen|opmerkingen|toelichting|onduidelijk)|"
    r"^voor (?:nadere |meer |verdere )?(?:vragen|informatie|toelichting)|\b(?:neem|bel|mail)(?:t u)? (?:dan )?(?:gerust|even|contact)|"
    r"\b(?:wij|we) vertrouwen (?:er ?op|u)|\bvoldoende\b.*\bge[ïi]nformeerd|aandacht (?:vragen )?voor het volgende|^vragen\?|"
    r"^(?:wilt u|wil je) meer weten\?|\bvrijblijvend|graag (?:bereid|tot een toelichting)|bij voorbaat|^wat vindt u van deze brief|"
    r"\bkunnen (?:wij|we) ons (?:\w+ )*voorstellen|\bkunnen (?:wij|we) (?:zien|lezen|horen|weten)\b",
    re.I,
)
_TO_OTHERS = re.compile(
    r"\b(?:verzoek|verzoeken|vraag|vraagt|vragen|adviseren|adviseert|roepen|roept) (?:wij |we )?(?:\w+ )?(?:onze (?:achterban|leden)|"
    r"(?:de|alle) (?:leden|cliënten|inwoners|bezoekers|minister|staatssecretaris|deelnemers|ouders)|cliënten|mensen|inwoners|"
    r"het Rijk|hen|hun)\b",
    re.I,
)
_NOT_ASKED = re.compile(
    r"\bvra(?:ag|agt|gen) (?:wij |we )?(?:hier(?:mee)? |daar(?:mee)? )?niet\b|\bniet graag\b|"
    r"\badvise(?:ert|ren|er) (?:wij |we )?(?:al|sinds|over|jaarlijks)\b|\bvragen (?:hebben|rijzen|blijven|zijn|over)\b|"
    r"\bhad(?:den)?\b.*\bgraag\b|\b(?:vroeg|verzocht) (?:u|het college) ons\b",
    re.I,
)
_NAMED_REQUEST = re.compile(
    r"^(?:(?:ons|onze|mijn) (?:\w+ )?(?:advies|verzoek|aanbeveling|vraag|oproep|voorstel|wens|suggestie|pleidooi|idee)"
    r"(?: aan (?:u|het college))? ?(?:(?:is|luidt|blijft|zou zijn)\b|:)|onze voorkeur (?:gaat|heeft|is)\b|"
    r"(?:het )?lijkt ons (?:\w+ ){0,2}?(?:goed|verstandig|wenselijk|beter|raadzaam|zinvol) (?:als|om|dat|wanneer|indien)\b|"
    r"(?:[\w-]+,? ){0,3}?(?:het zou|zou het) (?:\w+ ){0,3}?(?:goed|fijn|mooi|prettig|wenselijk|verstandig|handig|beter|redelijk|terecht|"
    r"logisch|eerlijk(?:er)?|rechtvaardig|een goed idee|zinvol|nuttig|helpen|schelen) (?:zijn )?(?:als|wanneer|indien|om|dat)\b|"
    r"het is (?:\w+ )?(?:wenselijk|raadzaam|gewenst|aan te (?:raden|bevelen)) (?:dat|om|als)\b|"
    r"(?:[\w-]+ ){0,3}?(?:het college|de gemeente|u|jullie) zou(?:den)? [^,]*\b(?:moeten|er goed aan doen)\b|"
    r"(?:advies|aanbeveling|verzoek|vraag)(?: \d{1,2})? ?[:.] ?\S|(?:het|daarom|ook) verdient (?:het )?aanbeveling\b|"
    r"(?:wij|we) vragen (?:ons|mij)\b.*\baf\b|(?:[\w-]+ ){0,3}?vra(?:ag|gen) (?:wij|we|ik) (?:ons|me|mij)\b.*\baf\b|"
    r"graag (?:een|uw|jullie|je|voor|binnen|nog|meer|vóór)\b)",
    re.I,
)
_OUR_VIEW = re.compile(
    r"\b(?:moet(?:en)?|hoort|horen|mag|mogen|komt|komen|zou(?:den)?|kan|kunnen)\b.*\bwat (?:ons|mij) betreft\b|"
    r"\bwat (?:ons|mij) betreft (?:moet(?:en)?|hoort|horen|komt|komen|zou(?:den)?|mag|mogen|wordt|worden)\b",
    re.I,
)
_COORDINATED = re.compile(
    rf"^(?:wij|we)\b.* en (?:vragen|verzoeken|adviseren)(?: {_FILLER})* (?:u|jullie|het college)\b", re.I
)
_OBJECT = (
    r"(?:de|het|een|één|dit|dat|deze|die|uw|jullie|geen|alle|elke|iedere?|iedereen|mensen|inwoners|cliënten|bewoners|ouders|jongeren|"
    r"ouderen|ons|onze|hen|hun|haar|hem|zich|er|daar|hier|daarom|niet|nooit|eerst|ook|altijd|liever|vooraf|voortaan|snel|zo|meer|minder|"
    r"dan|tijdig|duidelijk|actief|samen|vast|goed|wel|desnoods|in|op|met|bij|aan|voor|over|tot|na|vanaf|om|af|mee|als|wie|wat)"
)
_IMPERATIVES = (
    r"accepteer|beloon|benader|benoem|benut|bepaal|beperk|bereken|beschrijf|beslis|bespreek|besteed|betaal|betrek|"
    r"bevorder|bewaar|bezuinig|beëindig|bied|breid|combineer|communiceer|compenseer|controleer|creëer|doe|dring|"
    r"evalueer|financier|ga|geef|geleid|handhaaf|hanteer|heropen|heroverweeg|herzie|hou|houd|informeer|"
    r"introduceer|investeer|kies|kijk|koppel|laat|luister|maak|meet|meld|monitor|neem|onderhoud|ondersteun|"
    r"ontwikkel|organiseer|overweeg|probeer|publiceer|realiseer|reken|reserveer|schaf|schort|schrap|schrijf|sluit|"
    r"splits|spreek|stel|stimuleer|subsidieer|toets|trek|verbeter|verdeel|verduidelijk|vereenvoudig|vergoed|"
    r"verhoog|verkort|verlaag|verleng|vermeld|vermijd|verplicht|verreken|verspreid|versterk|verstrek|verstuur|"
    r"vervang|verwijder|verzamel|voorkom|waarborg|wijzig|zet|zorg"
)
_IMPERATIVES_LIKE_NOUNS = (
    r"begin|behoud|bel|besluit|bouw|deel|draag|gebruik|hef|help|herstel|kom|leer|leg|lever|los|nodig|onderzoek|"
    r"open|overleg|pas|plaats|prik|print|regel|richt|ruim|scheid|start|stop|stuur|test|train|voer|volg|vraag|"
    r"wacht|werf|werk|wijs|zoek"
)
_DETERMINER = r"(?:de|het|een|één|dit|dat|deze|die|uw|jullie|geen|alle|elke|iedere?|iedereen|ons|of|hoe|welke|samen|eerst|ook|op tijd|niet)"
_IMPERATIVE = re.compile(
    r"^(?!laat (?:staan|duidelijk|helder)|stel (?:dat|u|je)|neem (?:nu|bijvoorbeeld|nou|alleen)|geef toe|ga maar|kijk (?:maar|eens)|"
    r"reken maar|leer (?:de|het) )"
    r"(?:en |of |maar |dus |ook |(?:mocht|als|indien|wanneer|lukt|kan) [^,]{3,80}, )?"
    rf"(?:(?:{_IMPERATIVES}) (?!(?:ik|u|wij|we|je|jij|jullie)\b){_OBJECT}|(?:{_IMPERATIVES_LIKE_NOUNS}) {_DETERMINER})\b",
    re.I,
)
"""Sentences that begin with an imperative, told from a noun or a question by the next word."""

_MUST = re.compile(r"\b(?:moet|moeten|dient|dienen|behoort|behoren|hoort|horen)\b", re.I)
_ADDRESSES = re.compile(r"\b(?:u|uw|je|jullie)\b", re.I)
_CONCERNS = re.compile(r"\b(?:u|uw|je|jullie|college|gemeente|wethouder)\b", re.I)
_MAY_WE = re.compile(r"^(?:mogen|kunnen|krijgen) (?:wij|we)\b", re.I)
_SHORT_QUESTION = 4
"""Number of words of a question that more likely leads up to its own answer, unless it concerns the addressee."""


def asks(sentence: str, voice: Voice, *, advising: bool = False) -> bool:
    """Check whether a sentence asks something of the reader.

    Args:
        sentence: without the mark of a list item.
        voice: of its author; an unknown one asks nothing.
        advising: it is below a heading that announces advice, so that "must" is a request.
    """
    if voice not in _SELF or _POLITE.search(sentence) or _TO_OTHERS.search(sentence):
        return False
    if _is_question(sentence):
        return _is_put(sentence, voice)
    if voice is Voice.OTHER and not _ADDRESSES.search(sentence):
        return False
    if advising and _MUST.search(sentence):
        return True
    if not (_MAY_ASK.search(sentence) or _IMPERATIVE.search(sentence)) or _NOT_ASKED.search(sentence):
        return False
    return any(p.search(sentence) for p in (_clauses(voice), _NAMED_REQUEST, _IMPERATIVE, _OUR_VIEW, _COORDINATED))


def introduces(sentence: str, voice: Voice) -> bool:
    """Check whether a sentence asks for what follows the colon at its end."""
    return bool(_clauses(voice).search(sentence))


def _is_question(sentence: str) -> bool:
    """Check whether a sentence ends with a question mark."""
    return sentence.rstrip('”’")*_ ').endswith("?")


def _is_put(question: str, voice: Voice) -> bool:
    """Check whether a question is put to the reader: a reply more often repeats a question of the other side."""
    if voice is not Voice.COUNCIL:
        return bool(_ADDRESSES.search(question))
    return len(question.split()) > _SHORT_QUESTION or bool(_CONCERNS.search(question) or _MAY_WE.match(question))


@cache
def _clauses(voice: Voice) -> re.Pattern[str]:
    """Return clauses in which someone asks, subject before verb or after it; none that begins with "dat" or "als"."""
    self = _SELF[voice]
    opening = r"^(?:[“\"(]?[\w’'-]+,? ){0,12}?"
    main = rf"^(?:(?:[\w’'-]+ ){{0,14}}?(?:en|maar|want|dus|,|;|:) )?{self}(?: {_FILLER})* "
    return re.compile(
        rf"{main}(?:{_ASKS})|{main}{_WISHES}\b(?: [\w’'-]+){{0,12}}? {_WISHED}\b|"
        rf"{main}(?:[\w’'-]+ ){{0,3}}?{_WELCOMES}\b(?: [\w’'-]+){{0,8}}? (?:graag|gaarne|tegemoet)\b|{main}zien? (?:uit|ernaar uit)\b|"
        rf"{opening}(?:{_INVERTED_ASKS})(?: {_FILLER})* (?:wij|we|ik)\b(?! ons\b)|"
        rf"^(?:{_FILLER} ){{1,3}}(?:{_INVERTED_ASKS})(?: {_FILLER})* {self}\b(?! zich\b)|"
        rf"{opening}(?:vraagt|vragen) {self} (?:ons|zich)\b.*\baf\b|{main}vra(?:ag|agt|gen) (?:ons|zich|mij)\b.*\baf\b|"
        rf"^(?:[\w’'-]+ ){{0,4}}?(?:graag|gaarne)(?: {_FILLER})* (?:{_WELCOMES}|{_WISHES}) {self}\b|"
        rf"{opening}{_WISHES} {self}\b(?: [\w’'-]+){{0,12}}? {_WISHED}\b",
        re.I,
    )
