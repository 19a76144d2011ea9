"""What is asked: in which language, about whom, from which years, which letter, and what about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answers.answer import Outside
from assistant.query.answer_types import Wanted, find_wanted
from assistant.query.followups import is_elliptic, make_standalone
from assistant.query.language import Wording
from assistant.query.speaker import find_voice
from ingest.language.dates.periods import FULL_YEAR, read_period, years_asked_of
from ingest.language.reference_numbers import IN_QUESTION
from vectorstore.letters import Filters, Kind, Voice

_SPEECH = re.compile(
    r"\b(?:zei|zegt|zeggen|vond|vindt|schreef|schreven|schrijft|adviseerde|adviseren|geadviseerd|stelde|vroeg|vroegen|gevraagd|gezegd|"
    r"geschreven|antwoordde|reageerde|standpunt|advies|adviezen|brief|brieven|reactie|verzocht|oordeelde|dacht|keek|"
    r"say|said|write|wrote|written|ask|asked|advise|advised|recommend|recommended|reply|replied|advice|letters?|position)\b"
)

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


class LetterFact(StrEnum):
    """What about a letter itself is asked, when the question is not about what it says."""

    REFERENCE = "reference"
    DATE = "date"
    SIGNATORY = "signatory"
    ADDRESSEE = "addressee"


_FACTS: tuple[tuple[LetterFact, re.Pattern[str]], ...] = (
    (
        LetterFact.REFERENCE,
        re.compile(
            r"\b(?:kenmerk|referentie(?:nummer)?|briefnummer|zaaknummer|reference(?: number)?|welk nummer\b.*\b(?:advies|brief|reactie))\b"
        ),
    ),
    (
        LetterFact.SIGNATORY,
        re.compile(
            r"\b(?:ondertekend\w*|ondertekenden?|tekenden?|handtekening\w*|signed|signatory|signature|wie schreef|who wrote)\b"
        ),
    ),
    (
        LetterFact.ADDRESSEE,
        re.compile(
            r"\b(?:aan wie|gericht aan|geadresseerd\w*|addressed to|to whom)\b|\baan welke \w+\b.*\b(?:gericht|gestuurd|geschreven|verstuurd)\b"
        ),
    ),
    (
        LetterFact.DATE,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as understood, once, by all who are to answer it.

    Attributes:
        asked: its words, orders to the assistant left out.
        standalone: as it would be asked without the turns before it.
        outside: why it is none for the archive; None if it may be one.
        filters: what the user chose, narrowed by the question where it leaves no doubt.
        voice: whose words are asked for, None when anybody's will do.
        letter_fact: what about a letter itself is asked, None when it is about what letters say.
        wanted: the sorts of things that are asked for.
        kinds: of the letter that is asked about, empty when the question does not say.
        role: the office whose holder is asked for ("voorzitter"), None when no name is.
        several: what several letters say is asked for.
        references: what looks like a *kenmerk* in it, as written.
        years: of which it asks, none where the filters hold its period.
        asks_reply: it asks for what was answered, so that the letter it names is not the one it wants.
        asks_outcome: it asks what came of something, which stands in replies.
    """

    asked: Wording
    standalone: Wording
    outside: Outside | None
    filters: Filters
    voice: Voice | None
    letter_fact: LetterFact | None
    wanted: frozenset[Wanted]
    kinds: frozenset[Kind]
    role: str | None
    several: bool
    references: tuple[str, ...]
    years: frozenset[int]
    asks_reply: bool
    asks_outcome: bool


def understand(
    asked: Wording,
    filters: Filters,
    history: Sequence[str] = (),
    *,
    standalone: Wording | None = None,
    outside: Outside | None = None,
) -> Question:
    """Return what a question asks.

    Args:
        asked: the question, orders to the assistant left out.
        filters: what the user chose; these outrank what the question says.
        history: earlier questions, oldest first.
        standalone: the question as it would be asked without these, if somebody else has found that.
        outside: why it is none for the archive.
    """
    standalone = standalone or (make_standalone(asked, history) if history else asked)
    folded = standalone.folded
    sorts = find_wanted(asked)
    if not sorts and standalone.text != asked.text and is_elliptic(asked):
        sorts = find_wanted(standalone)
    office = _ROLE.search(folded)
    fact = LetterFact.SIGNATORY if office else next((fact for fact, pattern in _FACTS if pattern.search(folded)), None)
    of_time = FULL_YEAR.search(folded) is not None
    narrowed = _narrow(filters, folded, about_letter=fact is not None) if of_time else filters
    asks_reply = _REPLY.search(folded) is not None
    return Question(
        asked=asked,
        standalone=standalone,
        outside=outside,
        filters=narrowed,
        voice=find_voice(asked) or find_voice(standalone),
        letter_fact=fact,
        wanted=sorts,
        kinds=next((kinds for pattern, kinds in _KINDS if pattern.search(folded)), frozenset()),
        role=_DUTCH_ROLE.get(office[1], office[1]) if office else None,
        several=_SEVERAL.search(folded) is not None,
        references=tuple(match[1] for match in IN_QUESTION.finditer(standalone.text)),
        years=years_asked_of(folded) if of_time and not (narrowed.since or narrowed.until) else frozenset(),
        asks_reply=asks_reply,
        asks_outcome=asks_reply or _OUTCOME.search(folded) is not None,
    )


def _narrow(filters: Filters, folded: str, *, about_letter: bool) -> Filters:
    """Return the filters with the period of the question, if it asks what was said then or about a letter of then."""
    if filters.since is None and filters.until is None and (about_letter or _SPEECH.search(folded)):
        since, until = read_period(folded)
        filters = replace(filters, since=since, until=until)
    return filters
