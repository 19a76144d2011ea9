"""What is asked: in which language, about whom, from which years, which letter, and what about it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answers import Language
from assistant.followups import is_elliptic, standalone_question
from assistant.frame import DUTCH, ENGLISH
from assistant.wanted import Wanted, wanted
from ingest.anatomy import MONTHS as DUTCH_MONTHS
from vectorstore.dutch import fold, tokens
from vectorstore.letters import Filters, Kind, Voice

_COUNCIL = (
    r"(?:(?:de|onze|the|our)\s+)?(?:clienten ?raad|client(?:s'?)? council|adviesraad|advisory council|council|raad|cr|"
    r"wij|we|ons)\b"
)
_EXECUTIVE = (
    r"(?:(?:het|de|the|a|onze|our)\s+)?(?:college|gemeente|b\s?(?:&|en)\s?w|wethouder|burgemeester|gemeentebestuur|"
    r"municipal executive|executive|municipality|city|alderman|mayor)\b"
)
_SAYS = (
    r"(?:zei|zegt|zeggen|vond|vindt|vinden|vonden|schreef|schrijft|schrijven|schreven|adviseerde|adviseert|adviseren|stelde|"
    r"stelt|vroeg|vraagt|vragen|vroegen|gevraagd|antwoordde|antwoordt|reageerde|reageert|wil|wilde|wou|deed|kijkt|keek|denkt|dacht|"
    r"oordeelde|oordeelt|meldde|meldt|beloofde|belooft|verwacht|verwachtte|verzocht|bezwaar van|"
    r"kritiek van|noemt|noemde|was|is|heeft|had|reactie van|standpunt van|mening van|antwoord van|oordeel van|"
    r"volgens|vinden|aldus|"
    r"did|does|do|has|have|had|says|said|was|were|is|according to|position of|view of|opinion of|reply of|response of)"
)
_ASKS_COUNCIL = re.compile(rf"\b{_SAYS}\s+{_COUNCIL}")
_ASKS_EXECUTIVE = re.compile(rf"\b{_SAYS}\s+{_EXECUTIVE}")
_ENDS_COUNCIL = re.compile(rf"\b(?:volgens|standpunt|mening|according to|aldus)\s+(?:van\s+)?{_COUNCIL}")
_ENDS_EXECUTIVE = re.compile(rf"\b(?:volgens|standpunt|mening|according to|aldus)\s+(?:van\s+)?{_EXECUTIVE}")
_NOT_AFTER = "".join(
    rf"(?<!\b{word} )"
    for word in "van aan over met bij door voor tegen op in uit naar of by to from about with for against at the de het een a our onze".split()
)
_SUBJECT_COUNCIL = re.compile(rf"{_NOT_AFTER}\b{_COUNCIL}")
_SUBJECT_EXECUTIVE = re.compile(rf"{_NOT_AFTER}\b{_EXECUTIVE}")
"""A speaker that no preposition makes something else of than who says or does it."""

_AND_WHAT = re.compile(r"\b(?:en|and)\s+(?:wat|hoe|of|is|heeft|deed|what|how|did|has|whether)\b")
_SPEECH = re.compile(
    r"\b(?:zei|zegt|zeggen|vond|vindt|schreef|schreven|schrijft|adviseerde|adviseren|geadviseerd|stelde|vroeg|vroegen|gevraagd|gezegd|"
    r"geschreven|antwoordde|reageerde|standpunt|advies|adviezen|brief|brieven|reactie|verzocht|oordeelde|dacht|keek|"
    r"say|said|write|wrote|written|ask|asked|advise|advised|recommend|recommended|reply|replied|advice|letters?|position)\b"
)

MONTHS = DUTCH_MONTHS | {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
"""Dutch and English names of months, folded, to 1..12."""

_YEAR = r"((?:19|20)\d\d)"
_DATED = re.compile(
    rf"\b(?:brief|advies|reactie|antwoord|verslag|samenvatting|letter|advice|reply|minutes|in|uit)\s+(?:van|uit|of|from)?\s*"
    rf"(?:(\d{{1,2}})\s+)?({'|'.join(MONTHS)})\.?\s+{_YEAR}\b"
)
_PERIODS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b(?:tussen|between)\s+{_YEAR}\s+(?:en|and)\s+{_YEAR}\b"), "between"),
    (re.compile(rf"\b(?:van|from)\s+{_YEAR}\s+(?:tot(?: en met)?|t/m|to|until)\s+{_YEAR}\b"), "between"),
    (re.compile(rf"\b(?:voor|before|eerder dan)\s+{_YEAR}\b"), "before"),
    (re.compile(rf"\b(?:tot en met|t/m|up to|uiterlijk)\s+{_YEAR}\b"), "until"),
    (re.compile(rf"\b(?:na|after|later dan)\s+{_YEAR}\b"), "after"),
    (re.compile(rf"\b(?:sinds|vanaf|since)\s+{_YEAR}\b"), "since"),
    (
        re.compile(
            rf"(?<!\bzoals )(?<!\bdan )(?<!\bals )(?<!\bas )(?<!\bthan )\b(?:in|uit|anno)\s+(?:het jaar\s+)?{_YEAR}\b(?!\s*[-–]\s*\d)"
        ),
        "in",
    ),
)
_AFTER_LETTER = re.compile(
    rf"\b(?:na|sinds|op|naar aanleiding van|after|since|to)\s+(?:het|de|ons|onze|dat|the|our)?\s*(?:advies|brief|reactie|verslag|advice|letter|reply)\s+(?:van|uit|of|from)\s+"
    rf"(?:\d{{1,2}}\s+)?(?:\w+\s+)?{_YEAR}\b"
)
"""A letter after which something is asked, so that its date is not that of the answer."""

_REFERENCE = re.compile(r"\b([A-Z]{2,6}[ /-]?\d{2,4}[-/]\d{1,6}|[A-Z]{1,4}\d{2}-\d{4,7}|\d{5,7}-\d{4})\b", re.I)
_REPLY = re.compile(r"\b(?:ge)?(?:antwoord\w*|reageer\w*|reacti\w*|repl(?:y|ied|ies)|respon\w+)\b")


_OUTCOME = re.compile(
    r"\b(?:en|and) (?:wat|hoeveel|welke?|hoe|of|what|how|which)\b|\b(?:uiteindelijk|ooit|besloot|besloten|besluit|toegezegd|overgenomen|ingewilligd|gevolg|gekomen|geworden|"
    r"kwam er|is er iets|werd het|inmiddels|eventually|decide\w*|outcome|come of|adopted|agreed?)\b"
)

_ROLE = re.compile(
    r"\b(?:wie|who)\b.*\b(voorzitter|secretaris|wethouder|burgemeester|chair(?:man|person)?|secretary|alderman|mayor)\b"
)
_DUTCH_ROLE = {
    "chair": "voorzitter",
    "chairman": "voorzitter",
    "chairperson": "voorzitter",
    "secretary": "secretaris",
    "alderman": "wethouder",
    "mayor": "burgemeester",
}


_SEVERAL = re.compile(
    r"\b(?:vaker|hoe vaak|telkens|herhaald\w*|elke keer|opnieuw|steeds|door de jaren|in de loop|"
    r"(?:welke|alle) (?:adviezen|brieven|reacties|antwoorden)|"
    r"(?:sinds|sindsdien|inmiddels)\b.*\b(?:ander\w*|verander\w*)|verander\w*|verschil\w*|vergel[ei]\w*|"
    r"(?:en|and) (?:wat|hoe|what|how)|how often|repeatedly|more than once|over the years|"
    r"(?:which|all) (?:letters|advices|replies)|changed?|differ\w*|compar\w*)\b"
)


class Asked(StrEnum):
    """What about a letter itself is asked, when the question is not about what it says."""

    REFERENCE = "reference"
    DATE = "date"
    SIGNATORY = "signatory"
    ADDRESSEE = "addressee"


_ASKED: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        Asked.REFERENCE,
        re.compile(
            r"\b(?:kenmerk|referentie(?:nummer)?|briefnummer|zaaknummer|reference(?: number)?|welk nummer\b.*\b(?:advies|brief|reactie))\b"
        ),
    ),
    (
        Asked.SIGNATORY,
        re.compile(
            r"\b(?:ondertekend\w*|ondertekenden?|tekenden?|handtekening\w*|signed|signatory|signature|wie schreef|who wrote)\b"
        ),
    ),
    (
        Asked.ADDRESSEE,
        re.compile(
            r"\b(?:aan wie|gericht aan|geadresseerd\w*|addressed to|to whom)\b|\baan welke \w+\b.*\b(?:gericht|gestuurd|geschreven|verstuurd)\b"
        ),
    ),
    (
        Asked.DATE,
        re.compile(
            r"\b(?:wanneer|op welke (?:datum|dag)|(?:van )?welke (?:datum|dag)|van wanneer|when|what date|which date)\b.*"
            r"\b(?:brief|advies|reactie|verslag|letter|advice|reply|minutes|schreef|geschreven|stuurde|adviseerde|wrote|written|dated?)\b"
            r"|\b(?:datum|date) (?:van|of)\b"
        ),
    ),
)

_KINDS: tuple[tuple[re.Pattern[str], frozenset[Kind]], ...] = (
    (re.compile(r"\b(?:reacti\w+|(?:be)?antwoord\w*|reageerde\w*|repl(?:y|ied)|respon\w+)\b"), frozenset({Kind.REPLY})),
    (re.compile(r"\b(?:tussentijds\w* advies|interim advice)\b"), frozenset({Kind.INTERIM_ADVICE})),
    (re.compile(r"(?:advies|advice)\b"), frozenset({Kind.ADVICE, Kind.INTERIM_ADVICE})),
    (re.compile(r"\b(?:verslag|notulen|minutes)\b"), frozenset({Kind.MINUTES})),
    (re.compile(r"\b(?:samenvatting|summary)\b"), frozenset({Kind.SUMMARY})),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    Attributes:
        text: as asked.
        standalone: as it would be asked without the turns before it.
        language: Dutch or English.
        filters: what the user chose, narrowed by the question where it leaves no doubt.
        voice: whose words are asked for, None when anybody's will do.
        asked: what about a letter itself is asked.
        wanted: the sorts of things that are asked for.
        kinds: of the letter that is asked about, empty when the question does not say.
        role: the office whose holder is asked for ("voorzitter"), None when no name is.
        several: what several letters say is asked for.
    """

    text: str
    standalone: str
    language: Language
    filters: Filters
    voice: Voice | None
    asked: Asked | None
    wanted: frozenset[Wanted]
    kinds: frozenset[Kind]
    role: str | None
    several: bool


def language_of(text: str) -> Language:
    """The language of a question: that of which it has more function words, Dutch when in doubt."""
    words = tokens(text)
    dutch = sum(word in DUTCH for word in words)
    english = sum(word in ENGLISH for word in words)
    return Language.ENGLISH if english > dutch else Language.DUTCH


def understand(text: str, filters: Filters, history: Sequence[str] = (), standalone: str | None = None) -> Question:
    """What a question asks.

    Args:
        text: the question.
        filters: what the user chose; these outrank what the question says.
        history: earlier questions, oldest first.
        standalone: the question as it would be asked without these, when somebody else has found that.
    """
    standalone = standalone or standalone_question(text, history)
    folded = fold(standalone)
    sorts = wanted(text)
    if not sorts and is_elliptic(text):
        sorts = wanted(standalone)
    office = _ROLE.search(folded)
    asked = Asked.SIGNATORY if office else next((asked for asked, pattern in _ASKED if pattern.search(folded)), None)
    return Question(
        text=text,
        standalone=standalone,
        language=language_of(text),
        filters=_narrowed(filters, folded, about_letter=asked is not None),
        voice=asked_voice(fold(text)) or asked_voice(folded),
        asked=asked,
        wanted=sorts,
        kinds=next((kinds for pattern, kinds in _KINDS if pattern.search(folded)), frozenset()),
        role=_DUTCH_ROLE.get(office[1], office[1]) if office else None,
        several=_SEVERAL.search(folded) is not None,
    )


def asked_voice(folded: str) -> Voice | None:
    """Whose words a folded question asks for: the speaker named after "volgens", else the subject of the first verb.

    A question that asks for both ("Wat vroeg de raad en wat besloot het college?") asks for nobody's in particular.
    """
    for pattern, voice in ((_ENDS_COUNCIL, Voice.COUNCIL), (_ENDS_EXECUTIVE, Voice.EXECUTIVE)):
        if pattern.search(folded):
            return voice
    council, executive = _ASKS_COUNCIL.search(folded), _ASKS_EXECUTIVE.search(folded)
    if not council and not executive:
        council, executive = _SUBJECT_COUNCIL.search(folded), _SUBJECT_EXECUTIVE.search(folded)
    if council and executive and _AND_WHAT.search(folded):
        return None
    if council and (not executive or council.start() < executive.start()):
        return Voice.COUNCIL
    return Voice.EXECUTIVE if executive else None


def _narrowed(filters: Filters, folded: str, *, about_letter: bool) -> Filters:
    """The filters with the period of the question, when it asks what was said then or about a letter of then."""
    if filters.since is None and filters.until is None and (about_letter or _SPEECH.search(folded)):
        since, until = period_of(folded)
        filters = replace(filters, since=since, until=until)
    return filters


def period_of(folded: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the period a folded question names, None for an open end."""
    folded = _AFTER_LETTER.sub(" ", folded)
    dated = _DATED.search(folded)
    if dated:
        return _dated(dated)
    for pattern, relation in _PERIODS:
        match = pattern.search(folded)
        if match:
            first, last = int(match[1]), int(match[match.lastindex or 1])
            return {
                "between": (dt.date(min(first, last), 1, 1), dt.date(max(first, last), 12, 31)),
                "before": (None, dt.date(first - 1, 12, 31)),
                "until": (None, dt.date(first, 12, 31)),
                "after": (dt.date(first + 1, 1, 1), None),
                "since": (dt.date(first, 1, 1), None),
                "in": (dt.date(first, 1, 1), dt.date(first, 12, 31)),
            }[relation]
    return None, None


def _dated(match: re.Match[str]) -> tuple[dt.date | None, dt.date | None]:
    """The day or the month that a letter is said to be of; nothing when there is no such day."""
    year, month = int(match[3]), MONTHS[match[2]]
    last = calendar.monthrange(year, month)[1]
    if match[1] is None:
        return dt.date(year, month, 1), dt.date(year, month, last)
    day = int(match[1])
    return (dt.date(year, month, day), dt.date(year, month, day)) if 1 <= day <= last else (None, None)


def asks_for_outcome(text: str) -> bool:
    """Whether a question asks what came of something, which stands in replies."""
    folded = fold(text)
    return bool(_REPLY.search(folded) or _OUTCOME.search(folded))


def asks_for_reply(text: str) -> bool:
    """Whether a question asks for what was answered, so that the letter it names is not the one it wants."""
    return bool(_REPLY.search(fold(text)))


def references_in(text: str) -> list[str]:
    """What looks like a *kenmerk* in a question, as written."""
    return [match[1] for match in _REFERENCE.finditer(text)]
