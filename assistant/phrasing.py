"""The words around quotations: which letter, who writes, who is quoted, what was searched."""

from __future__ import annotations

import datetime as dt

from assistant.answers import Language, Searched
from assistant.purpose import Outside
from prompts.wording import Wording, load_wording
from vectorstore.letters import Card, Citation, DateBasis, Filters, Kind, Letter, Precision, Voice

_MONTHS = {
    Language.DUTCH: "januari februari maart april mei juni juli augustus september oktober november december".split(),
    Language.ENGLISH: "January February March April May June July August September October November December".split(),
}

_DATED = {DateBasis.INFERRED: "letter_inferred", DateBasis.FILE: "letter_filed"}
"""How a date is given that the letter itself does not state."""


class Phrasing:
    """Sentences of the assistant's own in one language.

    Args:
        language: of the sentences.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._say: Wording = load_wording(language.value)

    def date(self, date: dt.date, precision: Precision = Precision.DAY) -> str:
        """A date in words, as much of it as is known."""
        day = f"{date.day} " if precision is Precision.DAY else ""
        month = f"{_MONTHS[self.language][date.month - 1]} " if precision is not Precision.YEAR else ""
        return f"{day}{month}{date.year}"

    def letter(self, letter: Letter) -> str:
        """A letter by kind, kenmerk or subject, and date."""
        kind = self._say(f"kind_{letter.kind.value}")
        name = letter.reference or (f"“{letter.subject}”" if letter.subject else "")
        if not name and letter.date is None:
            name = letter.source
        if letter.date is None:
            phrase = self._say("letter_undated", kind=kind, name=name)
        else:
            form = _DATED.get(letter.date_basis, "letter_dated")
            phrase = self._say(form, kind=kind, name=name, date=self.date(letter.date, letter.date_precision))
        return " ".join(phrase.split())

    def speaker(self, voice: Voice) -> str:
        """A speaker in words."""
        return self._say(f"speaker_{voice.value}")

    def statement(self, citation: Citation, previous: Citation | None, *, heads: bool) -> str:
        """A quotation with its lead-in.

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
        """A statement by somebody else than the speaker who was asked for, with that said in front."""
        return self._say("not_by", speaker=self.speaker(voice), statement=statement)

    def _form(self, citation: Citation) -> str:
        """The phrase that is true of a quotation: who wrote the letter, and whose words are quoted."""
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

    def searched(self, searched: Searched) -> str:
        """How many letters from which years were searched, and how many files could not be read."""
        count = searched.letters
        pieces = [self._say("searched_one") if count == 1 else self._say("searched_many", count=count)]
        if searched.since and searched.until:
            since, until = searched.since.year, searched.until.year
            form = "searched_year" if since == until else "searched_years"
            pieces[0] += " " + self._say(form, since=since, until=until)
        if searched.unreadable:
            form = "searched_unreadable_one" if searched.unreadable == 1 else "searched_unreadable"
            pieces.append(self._say(form, count=searched.unreadable))
        return "; ".join(pieces)

    def no_answer(self, searched: Searched, filters: Filters, why: Outside | None = None, *, empty: bool) -> str:
        """That the archive does not say, why nobody should expect it to where that is clear, and what was searched."""
        limits = self.filters(filters)
        if empty:
            return self._say("empty")
        if searched.letters == 0:
            return self._say("no_letters", filters=limits)
        what = self.searched(searched)
        if limits:
            what += ", " + self._say("within", filters=limits)
        if why:
            return self._say("outside", why=self._say(f"outside_{why.value}"), searched=what)
        return self._say("no_answer", searched=what)

    def filters(self, filters: Filters) -> str:
        """The limits of a search in words; empty when there are none."""
        pieces = [self.speaker(voice) for voice in (filters.author, filters.voice) if voice]
        if filters.kind:
            pieces.append(self._say(f"kind_{filters.kind.value}"))
        if filters.since or filters.until:
            since = self.date(filters.since) if filters.since else "…"
            pieces.append(f"{since} – {self.date(filters.until) if filters.until else '…'}")
        if filters.letter:
            pieces.append(filters.letter)
        return ", ".join(pieces)

    def example(self, letter: Letter | Card, subject: str) -> str:
        """A question about the subject of a letter."""
        form = "example_executive" if letter.author is Voice.EXECUTIVE else "example_council"
        return self._say(form, subject=subject)
