"""Sentences of the program's own: which letter, who writes, who is quoted, what was searched, within which limits.

The functions take the set of phrases to word a value with, so that answers and the chat differ in their phrases only.
"""

from __future__ import annotations

from assistant.answers.answer import Language, Outside, Searched
from ingest.language.dates.months import date_in_words
from prompts.wording import Wording, load_wording
from vectorstore.letters import Card, Citation, DateBasis, Filters, Kind, Letter, Voice

_DATED = {DateBasis.INFERRED: "letter_inferred", DateBasis.FILE: "letter_filed"}
"""Phrases for a letter whose date it does not state itself."""


def word_limits(filters: Filters, wording: Wording) -> str:
    """Tell the limits of a search; empty when there are none."""
    names = {
        "author": wording[f"voice_{filters.author}"] if filters.author else None,
        "voice": wording[f"voice_{filters.voice}"] if filters.voice else None,
        "kind": wording[f"kind_{filters.kind}"] if filters.kind else None,
        "letter": filters.letter,
    }
    limits = {key: wording(f"limit_{key}", name=name) for key, name in names.items() if name}
    ends = {"since": filters.since, "until": filters.until}
    dates = {end: date_in_words(date, language=wording.language) for end, date in ends.items() if date}
    if dates:
        limits["period"] = wording("limit_period" if len(dates) == 2 else f"limit_{next(iter(dates))}", **dates)
    return wording["limit_separator"].join(limits[key] for key in wording["limit_order"].split() if key in limits)


def word_letters(searched: Searched, wording: Wording) -> str:
    """Count the letters that were searched and tell from which years they are, as far as they have dates."""
    years = ""
    if searched.since and searched.until:
        since, until = searched.since.year, searched.until.year
        years = wording("in_year" if since == until else "in_years", since=since, until=until)
    return wording.plural("letters", searched.letters, years=years)


def word_search(searched: Searched, filters: Filters, wording: Wording) -> str:
    """Tell what was searched, within which limits, and how many files could not be read."""
    limits, unreadable = word_limits(filters, wording), searched.unreadable
    return wording(
        "searched",
        letters=word_letters(searched, wording),
        limits=wording("searched_limits", limits=limits) if limits else "",
        unreadable=wording("searched_unreadable", files=wording.plural("unreadable", unreadable)) if unreadable else "",
    )


class Phrasing:
    """Sentences of the assistant's own in one language.

    Args:
        language: of the sentences.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._say: Wording = load_wording("answers", language.value)

    def letter(self, letter: Letter) -> str:
        """Name a letter by kind, kenmerk or subject, and date."""
        kind = self._say(f"kind_{letter.kind.value}")
        name = letter.reference or (f"“{letter.subject}”" if letter.subject else "")
        if not name and letter.date is None:
            name = letter.source
        if letter.date is None:
            phrase = self._say("letter_undated", kind=kind, name=name)
        else:
            form = _DATED.get(letter.date_basis, "letter_dated")
            date = date_in_words(letter.date, letter.date_precision, self.language)
            phrase = self._say(form, kind=kind, name=name, date=date)
        return " ".join(phrase.split())

    def speaker(self, voice: Voice) -> str:
        """Name a speaker."""
        return self._say(f"voice_{voice.value}")

    def statement(self, citation: Citation, previous: Citation | None, *, heads: bool) -> str:
        """Introduce a quotation.

        Args:
            citation: what is quoted.
            previous: the quotation just before it from the same letter, if there is one.
            heads: the quotation is a line above or below the letter.
        """
        letter = citation.letter
        quote = f"“{' '.join(citation.quote.split()).strip('“”')}”"
        name = self.letter(letter)
        if heads:
            return self._say("heads", letter=name, quote=quote)
        form = self._form(citation)
        if previous is not None and form == self._form(previous) == "writes":
            return self._say("writes_more", quote=quote)
        return self._say(
            form,
            letter=name,
            author=self.speaker(letter.author),
            speaker=self.speaker(citation.voice),
            quoted_from=citation.quoted_from,
            quote=quote,
        )

    def not_by(self, voice: Voice, statement: str) -> str:
        """Say in front of a statement that it is by somebody else than the speaker who was asked for."""
        return self._say("not_by", speaker=self.speaker(voice), statement=statement)

    def _form(self, citation: Citation) -> str:
        """Choose the phrase that is true of a quotation: who wrote the letter, and whose words are quoted."""
        letter, voice = citation.letter, citation.voice
        quoted = letter.utterance_at(citation.start, citation.end) is not None
        if letter.kind is Kind.MINUTES and voice is not Voice.UNKNOWN:
            return "recorded"
        if letter.author is Voice.UNKNOWN or letter.kind is Kind.MINUTES:
            return "says_unknown"
        if letter.voice is not letter.author is voice:
            return "writes"
        if not quoted:
            return "writes" if voice is letter.author else "summarises"
        if voice is Voice.UNKNOWN:
            return "quotes_unknown"
        if voice is letter.author:
            return "quotes_self_from" if citation.quoted_from else "quotes_self"
        return "quotes_from" if citation.quoted_from else "reports"

    def no_answer(self, searched: Searched, filters: Filters, why: Outside | None = None, *, empty: bool) -> str:
        """Say that the archive has no answer, why none is to be expected where that is clear, and what was searched."""
        if empty:
            return self._say("empty")
        if searched.letters == 0:
            return self._say("no_letters", filters=word_limits(filters, self._say))
        what = word_search(searched, filters, self._say)
        if why:
            return self._say("outside", why=self._say(f"outside_{why.value}"), searched=what)
        return self._say("no_answer", searched=what)

    def example(self, letter: Letter | Card, subject: str) -> str:
        """Ask about the subject of a letter."""
        form = "example_executive" if letter.author is Voice.EXECUTIVE else "example_council"
        return self._say(form, subject=subject)
