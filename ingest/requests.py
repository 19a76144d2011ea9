"""What the author of a letter asks of the one it is written to: requests, advice to do something, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.sentences import sentence_spans
from vectorstore.letters import Request, Utterance, Voice

_COUNCIL = r"(?:de|onze) (?:cli[ëe]ntenraad|adviesraad|participatieraad|wmo-raad|seniorenraad|CR|ASD|raad)(?: (?-i:[A-Z&][\w&]*))*"
_SELF = {
    Voice.COUNCIL: rf"(?:wij|we|ik|{_COUNCIL})",
    Voice.EXECUTIVE: r"(?:wij|we|ik|het college(?: van (?:burgemeester en wethouders|B&W))?|de gemeente)",
}
_YOU = (
    r"(?:u|uw|jullie|het college(?: van \w+)?|de gemeente|de wethouder|de directie|uw (?:college|raad|gemeente|collega[’']?s)|"
    r"de (?:cliëntenraad|adviesraad))"
)
_FILLER = (
    r"(?:dan ook|daarom|derhalve|dus|ook|tevens|verder|nogmaals|opnieuw|met klem|dringend|graag|nadrukkelijk|concreet|"
    r"vriendelijk|beleefd|hierbij|hiermee|samenvattend|voorts|eveneens|wel|allereerst|vooral|echter|hierbij|"
    r"ten (?:eerste|tweede|derde|slotte)|in ieder geval|bij dezen?|bovendien)"
)
_ASKS = (
    r"verzoek(?:t|en)?|advise(?:er|ert|ren)\b|pleit(?:en)? (?:\w+ ){0,3}?(?:voor|ervoor)|bepleit(?:en)?|"
    rf"(?:raad|raadt|raden|beveel|beveelt|bevelen|dring|dringt|dringen)(?= .*\baan\b)|(?:roep|roept|roepen)(?= .*\bop\b)|"
    rf"(?:nodigt|nodigen)(?= .*\buit\b)|(?:stel|stelt|stellen)(?: (?:{_FILLER}|{_YOU}|wij|we|ik))* voor\b|"
    rf"(?:doe|doet|doen) (?:[\w-]+ ){{0,4}}?(?:beroep op {_YOU}|oproep|verzoek|aanbeveling|suggestie|voorstel)|"
    rf"(?:stel(?:t|len)?|zou(?:den)?) het (?:\w+ )?op prijs (?:stellen )?(?:als|indien|wanneer) {_YOU}|"
    r"(?:geef|geeft|geven) (?:\w+ ){0,3}?(?:in overweging|mee)\b|"
    rf"verwacht(?:en)? (?:{_FILLER} )?(?:van {_YOU}|dat {_YOU})|hop(?:en|t) (?:{_FILLER} )?dat {_YOU}|"
    r"(?:herhaal|herhaalt|herhalen) (?:\w+ ){0,3}?(?:verzoek|advies|vraag|vragen|oproep|aanbeveling)|"
    rf"(?:vraag|vraagt|vragen)(?: {_FILLER})* (?:{_YOU}|om|ook om|aan {_YOU}|aandacht|of|waarom|hoe|wanneer|welke|wat|dat|waar)\b"
)
_INVERTED_ASKS = (
    r"verzoek(?:t|en)?|advise(?:er|ert|ren)\b|pleit(?:en)?|bepleit(?:en)?|vra(?:ag|agt|gen)|"
    r"(?:raadt?|raden|beveelt?|bevelen|dringt?|dringen)(?= .*\baan\b)|(?:roept?|roepen)(?= .*\bop\b)|"
    rf"(?:stelt?|stellen)(?= (?:wij|we|ik|{_COUNCIL})(?: (?:{_FILLER}|{_YOU}))* voor\b)|herha(?:alt?|len)|doe(?:t|n)?(?= .*\b(?:beroep|oproep|verzoek|aanbeveling)\b)|verwacht(?:en)?(?= .*\b(?:van u|dat u|dat het college)\b)"
)
_WISHES = r"(?:wil(?:len)?|zou(?:den)?|moet(?:en)?|kunnen)"
_WISHED = (
    r"(?:verzoeken|vragen|adviseren|voorstellen|aanbevelen|aanraden|oproepen|pleiten|bepleiten|aandringen|vernemen|ontvangen|weten|"
    r"horen|zien|meegeven|voorleggen|krijgen|lezen)"
)
_WELCOMES = r"(?:verne(?:em|emt|men)|ontvang(?:t|en)?|hoor(?:t)?|horen|zie(?:t|n)?|krijg(?:t|en)?|le(?:es|est|zen)|we(?:et|ten))"
_MAY_ASK = re.compile(
    r"\b(?:verzoek|advi|pleit|bepleit|vra(?:ag|gen)|graag|raad|raden|beve|dring|roep|nodig|stel|voorstel|oproep|beroep|gaarne|lijkt|g(?:eef|even)|verwacht|hop|herha|wil|zou|"
    r"zie|moet|kunnen|aanbeveling|tegemoet)",
    re.I,
)
"""Words without which a sentence asks nothing; looked for first, because most sentences have none."""

_POLITE = re.compile(
    r"^(?:mocht|indien|als|heeft|hebt|hebben) (?:u|jullie)\b.*\b(?:vragen|opmerkingen|toelichting|onduidelijk)|"
    r"^voor (?:nadere |meer |verdere )?(?:vragen|informatie|toelichting)|\bneem(?:t u)? (?:dan )?(?:gerust )?contact|"
    r"\b(?:wij|we) vertrouwen (?:er ?op|u)|\bvoldoende\b.*\bge[ïi]nformeerd|aandacht (?:vragen )?voor het volgende|^vragen\?|"
    r"^wilt u meer weten\?|\bvrijblijvend|graag (?:bereid|tot een toelichting)|bij voorbaat|^wat vindt u van deze brief",
    re.I,
)
_TO_OTHERS = re.compile(
    r"\b(?:verzoek|verzoeken|vraag|vraagt|vragen|adviseren|adviseert|roepen|roept) (?:wij |we )?(?:\w+ )?(?:onze (?:achterban|leden)|(?:de|alle) "
    r"(?:leden|cliënten|inwoners|bezoekers|minister|staatssecretaris|deelnemers|ouders)|cliënten|mensen|inwoners|het Rijk|hen|hun)\b",
    re.I,
)
_NOT_ASKED = re.compile(
    r"\bvra(?:ag|agt|gen) (?:wij |we )?(?:hier(?:mee)? |daar(?:mee)? )?niet\b|\bniet graag\b|\badvise(?:ert|ren|er) (?:wij |we )?(?:al|sinds|over|jaarlijks)\b|"
    r"\bvragen (?:hebben|rijzen|blijven|zijn|over)\b|"
    r"\bhad(?:den)?\b.*\bgraag\b",
    re.I,
)
_NAMED_REQUEST = re.compile(
    r"^(?:(?:ons|onze|mijn) (?:\w+ )?(?:advies|verzoek|aanbeveling|vraag|oproep|voorstel)(?: aan (?:u|het college))? ?(?:(?:is|luidt|blijft)\b|:)|"
    r"(?:het )?lijkt ons (?:\w+ )?(?:goed|verstandig|wenselijk|beter|raadzaam|zinvol) (?:als|om|dat|wanneer|indien)\b|"
    r"(?:[\w-]+ ){0,3}?(?:het college|de gemeente|u) zou(?:den)? [^,]*\b(?:moeten|er goed aan doen)\b|"
    r"(?:advies|aanbeveling|verzoek|vraag)(?: \d{1,2})? ?[:.] ?\S|het verdient aanbeveling\b|(?:wij|we) vragen (?:ons|mij)\b.*\baf\b|"
    r"(?:[\w-]+ ){0,3}?vra(?:ag|gen) (?:wij|we|ik) (?:ons|me|mij)\b.*\baf\b)",
    re.I,
)
_IMPERATIVE = re.compile(
    r"^(?!laat (?:staan|duidelijk|helder)|stel (?:dat|u)|neem (?:nu|bijvoorbeeld|nou|alleen)|gebruik van|houd er rekening)(?:betrek|zorg|maak|"
    r"neem|geef|verkort|verlaag|verhoog|schaf|houd|bied|laat|breid|voorkom|regel (?:dat|een)|organiseer|informeer|schrap|"
    r"handhaaf|gebruik|vereenvoudig|verbeter|evalueer|vergoed|heroverweeg|herzie|toets|onderzoek (?:of|hoe|welke|de mogelijk\w+)|"
    r"stel|communiceer|kies|bespreek|versterk|verleng|beperk|benut) (?!(?:ik|u|wij|we|je)\b)",
    re.I,
)
"""Sentences that begin with an imperative; only verbs that are no nouns too, unless what follows tells."""

_LISTED = re.compile(
    r"\b(?:vragen|aanbevelingen|adviezen|verzoeken|voorstellen|suggesties|advies|verzoek|vraag|aandachtspunten)\b", re.I
)
_TITLE_OF_LIST = re.compile(
    r"^(?:\d+[.)] )?(?:(?:onze|concrete|de) )?(?:\w+ en )?(?:aanbevelingen|adviezen|vragen|verzoeken)(?: aan .{3,40}| van .{3,40})?:?$",
    re.I,
)
_OF_OTHERS = re.compile(
    r"\b(?:college|gemeente|u|wethouder|rekenkamer|ombudsman)\b[^:]*\b(?:noemt|geeft|stelt|doet)\b", re.I
)
_MARK = re.compile(r"\s*(?:[-–—•*▪◦o·]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the body: a paragraph, an item of a list or a heading."""

    start: int
    end: int
    text: str

    @property
    def mark(self) -> int:
        """Characters of the mark of an item before its words; 0 when it is none."""
        match = _MARK.match(self.text)
        return match.end() if match else 0


def requests_in(
    text: str,
    voice: Voice,
    body: tuple[int, int],
    utterances: Sequence[Utterance],
    headings: Sequence[tuple[int, int]] = (),
) -> tuple[Request, ...]:
    """What the author of a letter asks in it, in order: sentences, and items of lists of questions or advice.

    Args:
        text: the letter.
        voice: of its author; nobody else asks anything.
        body: offsets between salutation and farewell.
        utterances: where another speaks, or its author in an earlier letter.
        headings: offsets of its headings.
    """
    if voice not in _SELF:
        return ()
    asks = _asking(voice)
    found: list[Request] = []
    listed = False
    lines = list(_lines(text, body))
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if listed and (line.mark or (line.start - lines[number - 1].end == 1)):
            found.append(Request(line.start + line.mark, line.end))
            continue
        listed = _opens_list(line, following, asks, headings)
        found += _in_line(line, asks, listed, headings)
    return tuple(request for request in found if not _said_by_another(request, utterances))


def _lines(text: str, body: tuple[int, int]) -> Iterator[_Line]:
    for match in re.compile(r"[^\n]*\S").finditer(text, *body):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        yield _Line(start, match.end(), text[start : match.end()])


def _opens_list(
    line: _Line, following: _Line | None, asks: re.Pattern[str], headings: Sequence[tuple[int, int]]
) -> bool:
    """Whether the lines that follow are questions or advice, an item each."""
    if following is None or not (following.mark or following.start - line.end == 1):
        return False
    if _TITLE_OF_LIST.match(line.text):
        return bool(following.mark)
    last = line.text[sentence_spans(line.text)[-1][0] :]
    if not last.endswith(":") or _is_heading(line, headings) or _OF_OTHERS.search(last):
        return False
    return bool(
        asks.search(last) or (_LISTED.search(last) and re.search(r"\b(?:wij|we|ons|onze|volgende)\b", last, re.I))
    )


def _in_line(
    line: _Line, asks: re.Pattern[str], listed: bool, headings: Sequence[tuple[int, int]]
) -> Iterator[Request]:
    """The sentences of a line that ask something; one that introduces a list is in its items."""
    if _is_heading(line, headings) or _TITLE_OF_LIST.match(line.text):
        return
    spans = sentence_spans(line.text)
    for start, end in spans[:-1] if listed else spans:
        sentence = line.text[start:end]
        sentence = sentence[line.mark :] if start == 0 else sentence
        if _asked(sentence, asks):
            yield Request(line.start + end - len(sentence), line.start + end)


def _asked(sentence: str, asks: re.Pattern[str]) -> bool:
    """Whether a sentence asks something of the reader."""
    question = sentence.rstrip('”’")*_ ').endswith("?")
    if (
        not (question or _MAY_ASK.search(sentence) or _IMPERATIVE.search(sentence))
        or _POLITE.search(sentence)
        or _TO_OTHERS.search(sentence)
    ):
        return False
    asked = not _NOT_ASKED.search(sentence) and any(
        pattern.search(sentence) for pattern in (asks, _NAMED_REQUEST, _IMPERATIVE)
    )
    return question or asked


def _is_heading(line: _Line, headings: Sequence[tuple[int, int]]) -> bool:
    return any(start <= line.start and line.end <= end for start, end in headings)


def _said_by_another(request: Request, utterances: Sequence[Utterance]) -> bool:
    """Whether most of a request stands in somebody's mouth."""
    shared = sum(max(0, min(request.end, u.end) - max(request.start, u.start)) for u in utterances)
    return shared * 2 > request.end - request.start


def _asking(voice: Voice) -> re.Pattern[str]:
    """Clauses in which someone asks, the subject before its verb or after it; none that begins with "dat" or "als"."""
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
