"""Faults planted around the real assistant: each alters what it answered, as a fault in the product would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answers.answer import Answer, Result, Statement
from assistant.assistant import Assistant
from vectorstore.letters import Citation, Letter, Passage, Voice
from vectorstore.search import Hit
from vectorstore.store.store import Store


class Remembered:
    """An assistant that answers each question once, so that several faults can be planted in the same answers."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._results: dict[tuple[str, ...], Result] = {}
        self._hits: dict[str, Sequence[Hit]] = {}

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Result:
        """What the assistant answered."""
        key = (*history, question)
        if key not in self._results:
            self._results[key] = self._assistant.ask(question, history=history)
        return self._results[key]

    def search(self, text: str) -> Sequence[Hit]:
        """What the assistant found."""
        if text not in self._hits:
            self._hits[text] = self._assistant.search(text)
        return self._hits[text]


@dataclass(frozen=True)
class Faulty:
    """The assistant with every citation altered."""

    asked: Remembered
    alter: Callable[[Citation], Citation]

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Result:
        """Its answer with the fault in it; a refusal as it is."""
        result = self.asked.ask(question, history=history)
        if not isinstance(result, Answer):
            return result
        statements = [Statement(s.text, tuple(map(self.alter, s.citations))) for s in result.statements]
        return replace(result, statements=tuple(statements))

    def search(self, text: str) -> Sequence[Hit]:
        """What it found."""
        return self.asked.search(text)


@dataclass(frozen=True)
class Misquoted(Citation):
    """A citation whose quote is not what stands at its offsets."""

    said: str = ""

    @property
    def quote(self) -> str:
        """The words that are given as the quote."""
        return self.said


def next_passage(store: Store) -> Callable[[Citation], Citation]:
    """Each citation points to the passage of its letter after the one meant, and quotes it whole."""

    def alter(citation: Citation) -> Citation:
        later = [p for p in store.passages_of([citation.letter.id]) if p.start >= citation.end]
        passage = min(later, key=lambda passage: passage.start, default=citation.passage)
        return Citation(passage, passage.start, passage.end)

    return alter


def shifted(citation: Citation) -> Citation:
    """The offsets are one character too far, and the quote is cut by them."""
    whole = Passage(citation.passage.id, citation.letter, 0, len(citation.letter.text))
    return Citation(whole, citation.start + 1, min(citation.end + 1, whole.end))


def shifted_from_quote(citation: Citation) -> Citation:
    """The offsets are one character too far, and the quote is right."""
    passage = replace(citation.passage, end=min(citation.passage.end + 1, len(citation.letter.text)))
    return Misquoted(passage, citation.start + 1, min(citation.end + 1, passage.end), citation.quote)


def one_word_altered(citation: Citation) -> Citation:
    """The quote has another word than the letter."""
    words = citation.quote.split(" ")
    words[len(words) // 2] = "nooit"
    return Misquoted(citation.passage, citation.start, citation.end, " ".join(words))


def other_letter_text(citation: Citation) -> Citation:
    """The letter that is quoted is not the letter as stored: one word of the quote differs."""
    start, text = citation.start, citation.letter.text
    length = len(citation.quote.split()[0])
    return _in_letter(citation, replace(citation.letter, text=f"{text[:start]}{'x' * length}{text[start + length :]}"))


_SWAPPED = {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}


def voices_swapped(citation: Citation) -> Citation:
    """What the council said is put in the mouth of the executive, and the other way round."""
    letter = citation.letter
    utterances = tuple(replace(one, voice=_SWAPPED.get(one.voice, one.voice)) for one in letter.utterances)
    swapped = replace(letter, voice=_SWAPPED.get(letter.voice, letter.voice), utterances=utterances)
    return _in_letter(citation, swapped)


def _in_letter(citation: Citation, letter: Letter) -> Citation:
    return Citation(replace(citation.passage, letter=letter), citation.start, citation.end)
