"""Values to HTML, with the templates beside this file. Pure functions; everything that comes in is escaped.

The templates escape by themselves (Jinja's autoescape). The only HTML that Python makes is in `marked`,
which escapes with markupsafe.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.answers import Answer, NoAnswer, Progress, Result, Searched, Statement
from assistant.web.marked import paragraphs, quotations, tagged
from assistant.web.shown import Failure, Overview, Turn
from assistant.web.texts import Words
from assistant.written import Destination
from vectorstore.letters import Citation, DateBasis, Filters, Kind, Letter, Voice

AUTHORS = (Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER)
"""Writers and speakers that can be chosen; nobody looks for what is not known."""

UNSURE = 0.9
"""Below this confidence of the text recognition a reader is told to compare with the original."""

_QUOTATION = Markup('<q lang="nl">{}</q>')
_NOTICE = Markup('<p class="notice{}" role="alert">{}</p>')
_PRIVACY = Markup('<p class="privacy">{}</p>')
_LONGEST_LABEL = 90


def masthead(words: Words) -> str:
    """The name of the program and what it is for."""
    return _page("masthead", words)


def welcome(overview: Overview | Failure, words: Words, destination: Destination | None = None) -> str:
    """What can be asked, with examples; or how to fill an archive that is empty."""
    return _page("welcome", words, overview=overview, written=destination is not None)


def conversation(turns: Sequence[Turn], words: Words) -> str:
    """What was asked and answered."""
    return _page("conversation", words, turns=turns)


def sources(turns: Sequence[Turn], words: Words) -> str:
    """The passages each turn rests on, a group a turn, of which the last is shown."""
    return _page("sources", words, turns=turns)


def letter(citation: Citation, words: Words) -> str:
    """A whole letter with the cited words marked."""
    return _page("letter", words, citation=citation, letter=citation.letter)


def filters(overview: Overview | Failure, words: Words) -> str:
    """The panel in which is chosen where to search."""
    letters = () if isinstance(overview, Failure) else overview.letters
    years = sorted({str(one.date.year) for one in letters if one.date})
    return _page("filters", words, letters=letters, years=years, kinds=Kind, authors=AUTHORS)


def colophon(overview: Overview | Failure, words: Words, destination: Destination | None = None) -> str:
    """What the archive holds, what it could not read, and what leaves the computer."""
    return _page("colophon", words, overview=overview, promise=_kept_private("promise", words, destination))


def privacy(words: Words, destination: Destination | None) -> str:
    """Where a question goes, for beside the question box."""
    return str(_PRIVACY.format(_kept_private("privacy", words, destination)))


def notice(text: str, alarming: bool = True) -> str:
    """A short remark about what was just done.

    Args:
        text: the remark.
        alarming: something was wrong with it.
    """
    return str(_NOTICE.format("" if alarming else " calm", text))


def spoken(statement: Statement) -> Markup:
    """A statement with the words that it quotes set apart."""
    quotes = [citation.quote for citation in statement.citations]
    return tagged(statement.text, quotations(statement.text, quotes), _QUOTATION)


def passage(citation: Citation, marked: bool) -> Markup:
    """The passage of a citation, with the cited words marked if wanted."""
    start = citation.passage.start
    marks = [(citation.start - start, citation.end - start)] if marked else []
    return paragraphs(citation.passage.text, marks)


def whole_text(citation: Citation) -> Markup:
    """The text of the cited letter with the cited words marked."""
    return paragraphs(citation.letter.text, [(citation.start, citation.end)])


def letter_name(letter: Letter, words: Words) -> str:
    """What a letter is called: "Advies CRA 2020-02", or "Advies" when it has no reference."""
    return " ".join(filter(None, [words[f"kind_{letter.kind}"], letter.reference]))


def letter_choice(letter: Letter, words: Words) -> str:
    """A letter as one line of a list, short enough to choose from."""
    parts = [letter.reference, _date(letter, words), letter.subject or letter.source]
    return shortened(" · ".join(part for part in parts if part))


def shortened(text: str) -> str:
    """The beginning of a text that is too long for a label."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1].rstrip()}…"


def years(searched: Searched, words: Words) -> str:
    """The years of what was searched, empty when no letter has a date."""
    if searched.since is None or searched.until is None:
        return ""
    if searched.since.year == searched.until.year:
        return words.fill("searched_year", since=searched.since.year)
    return words.fill("searched_years", since=searched.since.year, until=searched.until.year)


def searched_in(answer: Answer, words: Words) -> str:
    """What was searched for an answer, with the choices that narrowed it."""
    searched = answer.searched
    parts = [
        words.counted("searched", searched.letters, years=years(searched, words)),
        _only(answer.filters, words),
        words.counted("unreadable", searched.unreadable) if searched.unreadable else "",
    ]
    return " ".join(filter(None, parts))


def numbers(outcome: Answer | Progress, statement: Statement) -> list[int]:
    """The numbers of the citations of a statement."""
    return [outcome.citations.index(citation) + 1 for citation in statement.citations]


def letter_names(letters: Sequence[Letter], words: Words) -> str:
    """What some letters are called, each name once."""
    return ", ".join(dict.fromkeys(letter_name(letter, words) for letter in letters))


def written(outcome: Result, words: Words) -> str:
    """What a chat model had to do with an answer; empty when none was asked."""
    if (writing := outcome.writing) is None:
        return ""
    course = "stopped" if writing.stopped else "problem" if writing.problem else "done"
    if isinstance(outcome, NoAnswer):
        return words.fill(f"written_{course}_refusal", model=writing.model)
    return words.fill(f"written_{course}_{_maker(outcome)}", model=writing.model)


def _maker(answer: Answer) -> str:
    return "quotations" if answer.engine == "extractive" else "model"


def _kept_private(key: str, words: Words, destination: Destination | None) -> str:
    """Where questions go, in the words of that key."""
    if destination is None:
        return words[f"{key}_here"]
    where = "local" if destination.local else "away"
    return words.fill(f"{key}_{where}", model=destination.model, place=destination.place)


def speaker(citation: Citation, words: Words) -> str:
    """Who speaks in the cited words, and from which letter they were quoted."""
    voice = words[f"voice_{citation.voice}"]
    origin = citation.quoted_from
    return words.fill("quoted_from", voice=voice, letter=origin) if origin else voice


def _date(letter: Letter, words: Words) -> str:
    if letter.date is None:
        return words["date_unknown"]
    date = words.date(letter.date, letter.date_precision)
    if letter.date_basis is DateBasis.STATED:
        return date
    return words.fill(f"date_{letter.date_basis}", date=date)


def _recognised(citation: Citation, words: Words) -> str:
    """That the cited words were read from a scan, and how sure that is; empty for text as it was filed."""
    confidence = citation.confidence
    if confidence is None:
        return ""
    return words.fill("recognised" if confidence < UNSURE else "recognised_well", confidence=round(100 * confidence))


def _only(filters: Filters, words: Words) -> str:
    """The filters in words, empty when there are none."""
    named = {
        "only_author": words[f"voice_{filters.author}"] if filters.author else None,
        "only_voice": words[f"voice_{filters.voice}"] if filters.voice else None,
        "only_kind": words[f"kind_{filters.kind}"] if filters.kind else None,
        "only_letter": filters.letter,
    }
    dated = {"only_since": filters.since, "only_until": filters.until}
    choices = [words.fill(key, name=name) for key, name in named.items() if name]
    choices += [words.fill(key, date=words.date(date)) for key, date in dated.items() if date]
    return words.fill("only", choices="; ".join(choices)) if choices else ""


def _page(template: str, words: Words, **values: object) -> str:
    return _TEMPLATES.get_template(f"{template}.html").render(words=words, **values)


_TEMPLATES = Environment(
    loader=PackageLoader("assistant.web"),
    autoescape=True,
    undefined=StrictUndefined,
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
    "recognised": _recognised,
    "searched_in": searched_in,
    "shortened": shortened,
    "speaker": speaker,
    "spoken": spoken,
    "whole_text": whole_text,
    "written": written,
    "years": years,
}
_TEMPLATES.tests |= {
    "answer": lambda value: isinstance(value, Answer),
    "in_progress": lambda value: value is None or isinstance(value, Progress),
    "no_answer": lambda value: isinstance(value, NoAnswer),
    "failure": lambda value: isinstance(value, Failure),
}
