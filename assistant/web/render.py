"""Values to HTML, with the templates beside this file. Pure functions; everything that comes in is escaped.

The templates escape by themselves (Jinja's autoescape). The only HTML that Python makes is in `highlight`,
which escapes with markupsafe.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.answers.answer import Answer, NoAnswer, Progress, Result, Statement
from assistant.answers.highlight import find_quotations, paragraphs, tag
from assistant.answers.phrasing import word_letters, word_search
from assistant.answers.written_answer import Destination
from assistant.quoting.engine import EXTRACTIVE
from assistant.web.state import Failure, Overview, Turn
from ingest.language.dates.months import date_in_words
from prompts.wording import Wording
from vectorstore.letters import Card, Citation, DateBasis, Kind, Letter, Voice

AUTHORS = (Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER)
"""Writers and speakers that can be chosen; nobody looks for what is not known."""

UNSURE = 0.9
"""Below this confidence of the text recognition a reader is told to compare with the original."""

_QUOTATION = Markup('<q lang="nl">{}</q>')
_NOTICE = Markup('<p class="notice{}" role="alert">{}</p>')
_PRIVACY = Markup('<p class="privacy">{}</p>')
_LONGEST_LABEL = 90


LISTED = 500
"""Letters in the list to choose one from, the newest; an older one is asked about by its kenmerk."""


def masthead(words: Wording) -> str:
    """Show the name of the program and what it is for."""
    return _page("masthead", words)


def welcome(overview: Overview | Failure, words: Wording, destination: Destination | None = None) -> str:
    """Show what can be asked, with examples; or how to fill an archive that is empty."""
    return _page("welcome", words, overview=overview, written=destination is not None)


def conversation(turns: Sequence[Turn], words: Wording) -> str:
    """Show what was asked and answered."""
    return _page("conversation", words, turns=turns)


def sources(turns: Sequence[Turn], words: Wording) -> str:
    """Show the passages each turn rests on, a group a turn, of which the last is open."""
    return _page("sources", words, turns=turns)


def letter(citation: Citation, words: Wording) -> str:
    """Show a whole letter with the cited words marked."""
    return _page("letter", words, citation=citation, letter=citation.letter)


def filters(overview: Overview | Failure, words: Wording) -> str:
    """Show the panel in which is chosen where to search."""
    letters = () if isinstance(overview, Failure) else overview.letters
    years = sorted({str(one.date.year) for one in letters if one.date})
    older = max(0, len(letters) - LISTED)
    return _page("filters", words, letters=letters[older:], older=older, years=years, kinds=Kind, authors=AUTHORS)


def colophon(overview: Overview | Failure, words: Wording, destination: Destination | None = None) -> str:
    """Show what the archive holds, what it could not read, and what leaves the computer."""
    return _page("colophon", words, overview=overview, promise=_privacy("promise", words, destination))


def privacy(words: Wording, destination: Destination | None) -> str:
    """Tell beside the question box where a question goes."""
    return str(_PRIVACY.format(_privacy("privacy", words, destination)))


def notice(text: str, alarming: bool = True) -> str:
    """Show a short remark about what was just done.

    Args:
        text: the remark.
        alarming: something was wrong with it.
    """
    return str(_NOTICE.format("" if alarming else " calm", text))


def quote_apart(statement: Statement) -> Markup:
    """Set the words that a statement quotes apart."""
    quotes = [citation.quote for citation in statement.citations]
    return tag(statement.text, find_quotations(statement.text, quotes), _QUOTATION)


def passage(citation: Citation, mark: bool) -> Markup:
    """Show the passage of a citation, with the cited words marked if wanted."""
    start = citation.passage.start
    marks = [(citation.start - start, citation.end - start)] if mark else []
    return paragraphs(citation.passage.text, marks)


def whole_text(citation: Citation) -> Markup:
    """Show the text of the cited letter with the cited words marked."""
    return paragraphs(citation.letter.text, [(citation.start, citation.end)])


def letter_name(letter: Letter, words: Wording) -> str:
    """Name a letter: "Advies CRA 2020-02", or "Advies" when it has no reference."""
    return " ".join(filter(None, [words[f"kind_{letter.kind}"], letter.reference]))


def letter_choice(letter: Card, words: Wording) -> str:
    """Describe a letter in one line of a list, short enough to choose from."""
    parts = [letter.reference, _date(letter, words), letter.subject or letter.source]
    return shorten(" · ".join(part for part in parts if part))


def shorten(text: str) -> str:
    """Cut a text that is too long for a label."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1].rstrip()}…"


def numbers(outcome: Answer | Progress, statement: Statement) -> list[int]:
    """Return the numbers of the citations of a statement."""
    return [outcome.citations.index(citation) + 1 for citation in statement.citations]


def letter_names(letters: Sequence[Letter], words: Wording) -> str:
    """Name some letters, each name once."""
    return ", ".join(dict.fromkeys(letter_name(letter, words) for letter in letters))


def writing_course(outcome: Result, words: Wording) -> str:
    """Tell what a chat model had to do with an answer; empty when none was asked."""
    if (writing := outcome.writing) is None:
        return ""
    course = "stopped" if writing.stopped else "problem" if writing.problem else "done"
    if isinstance(outcome, NoAnswer):
        return words(f"written_{course}_refusal", model=writing.model)
    return words(f"written_{course}_{_maker(outcome)}", model=writing.model)


def _maker(answer: Answer) -> str:
    return "quotations" if answer.engine == EXTRACTIVE else "model"


def _privacy(key: str, words: Wording, destination: Destination | None) -> str:
    """Tell where questions go, in the words of a key."""
    if destination is None:
        return words[f"{key}_here"]
    where = "local" if destination.local else "away"
    return words(f"{key}_{where}", model=destination.model, place=destination.place)


def speaker(citation: Citation, words: Wording) -> str:
    """Tell who speaks in the cited words, and from which letter they were quoted."""
    voice = words[f"voice_{citation.voice}"]
    origin = citation.quoted_from
    return words("quoted_from", voice=voice, letter=origin) if origin else voice


def _date(letter: Letter | Card, words: Wording) -> str:
    if letter.date is None:
        return words["date_unknown"]
    date = date_in_words(letter.date, letter.date_precision, words.language)
    if letter.date_basis is DateBasis.STATED:
        return date
    return words(f"date_{letter.date_basis}", date=date)


def _recognition(citation: Citation, words: Wording) -> str:
    """Tell how surely the cited words were read from a scan; empty for text as it was filed."""
    confidence = citation.confidence
    if confidence is None:
        return ""
    return words("recognised" if confidence < UNSURE else "recognised_well", confidence=round(100 * confidence))


def _page(template: str, words: Wording, **values: object) -> str:
    return _TEMPLATES.get_template(f"{template}.html").render(words=words, **values)


_TEMPLATES = Environment(
    loader=PackageLoader("assistant.web"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals |= {
    "letter_name": letter_name,
    "letter_names": letter_names,
    "numbers": numbers,
    "letter_choice": letter_choice,
    "letter_date": _date,
    "passage": passage,
    "quote_apart": quote_apart,
    "recognition": _recognition,
    "shorten": shorten,
    "speaker": speaker,
    "whole_text": whole_text,
    "word_letters": word_letters,
    "word_search": word_search,
    "writing_course": writing_course,
}
_TEMPLATES.tests |= {
    "answer": lambda value: isinstance(value, Answer),
    "in_progress": lambda value: value is None or isinstance(value, Progress),
    "no_answer": lambda value: isinstance(value, NoAnswer),
    "failure": lambda value: isinstance(value, Failure),
}
