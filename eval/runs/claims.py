"""What a verifier is given of a labelled statement: the claim as a model would have made it, over passages offered to it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from assistant.answers.answer import Language
from assistant.answers.written_answer import Claim, Quote
from eval.datasets.corpus import Corpus, fold
from eval.datasets.questions import ExpectedEvidence
from eval.datasets.statements import LabelledStatement, Quoted, StatementSet
from vectorstore.errors import WrongUse
from vectorstore.letters import Passage
from vectorstore.search import Archive, Query
from vectorstore.store.source import LetterSource

_ADDED: Final = 8
"""Passages that a search for the text adds to the cited ones: an answer, too, offers more than one sentence needs."""

_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
_DIGITS: Final = "23456789"

Places = dict[str, tuple[Passage, ...]]
"""The passages that each statement cites, by its id."""


def places_of(labels: StatementSet, store: LetterSource) -> tuple[Places, tuple[str, ...]]:
    """Find the passages that statements rest on; those on a file that could not be read are left out, with a warning of it.

    Raises:
        WrongUse: a passage is not in the letters, or no statement is left.
    """
    found, places, errors, unread = _Passages(store), Places(), list[str](), dict[str, str]()
    for label in labels.statements:
        gone = {each.source for each in label.rests_on} & found.corpus.unreadable.keys()
        unread |= {source: found.corpus.unreadable[source] for source in gone}
        missing = [] if gone else [each for each in label.rests_on if found.holding(each) is None]
        errors += [f"{labels.name}, statement {label.id}: no passage of {e.source} says {e.text!r}" for e in missing]
        if not gone and not missing:
            places[label.id] = tuple(passage for each in label.rests_on if (passage := found.holding(each)))
    if errors or not places:
        raise WrongUse(
            "\n".join(errors) or f"No letter of {labels.name} could be read.", "Correct 'source' and 'text'."
        )
    return places, tuple(f"{source} could not be read ({reason})" for source, reason in sorted(unread.items()))


class _Passages:
    """The passages of an archive by the file that they stand in.

    Args:
        store: the archive.
    """

    def __init__(self, store: LetterSource) -> None:
        self.corpus = Corpus.of(store)
        self._of_letter: dict[str, list[Passage]] = {}
        for passage in store.passages_of(self.corpus.letters.keys()):
            self._of_letter.setdefault(passage.letter.id, []).append(passage)

    def holding(self, evidence: ExpectedEvidence) -> Passage | None:
        """Return the first passage that holds these words of a letter; None when there is none."""
        letters = (letter for letter, sources in self.corpus.sources.items() if evidence.source in sources)
        passages = (passage for letter in letters for passage in self._of_letter.get(letter, ()))
        return next((passage for passage in passages if fold(evidence.text or "") in fold(passage.text)), None)


def offer_passages(label: LabelledStatement, cited: tuple[Passage, ...], archive: Archive) -> dict[str, Passage]:
    """Mix the cited passages with others that a search for the text finds, by names that tell nothing of their order."""
    hits = archive.search(Query(label.text, count=_ADDED, english=label.language is Language.ENGLISH))
    passages = {passage.id: passage for passage in (*cited, *(hit.passage for hit in hits))}
    return dict(sorted(zip(_names(label.id, len(passages)), passages.values(), strict=True)))


def _names(seed: str, count: int) -> list[str]:
    """Return different opaque names; the same seed gives the same ones."""
    drawn = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(drawn.choice(signs) for signs in (_LETTERS, _DIGITS, _LETTERS, _DIGITS))] = None
    return list(names)


def claim_of(label: LabelledStatement, cited: tuple[Passage, ...], offered: Mapping[str, Passage]) -> Claim:
    """Return the statement as a model would have written it over the passages that it was offered."""
    names = {passage.id: name for name, passage in offered.items()}
    if not cited:
        invented = next(name for name in _names(f"{label.id} invented", len(offered) + 1) if name not in offered)
        return Claim(label.text, (invented,))
    pairs = list(zip(label.rests_on, cited, strict=True))
    quotes = tuple(Quote(names[_quoted(quote, pairs).id], quote.words) for quote in label.quotes)
    return Claim(label.text, tuple(dict.fromkeys(names[passage.id] for passage in cited)), quotes)


def _quoted(quote: Quoted, cited: Sequence[tuple[ExpectedEvidence, Passage]]) -> Passage:
    """Return the cited passage that holds the words of a quotation, or the first of their letter when none does."""
    passages = [passage for evidence, passage in cited if evidence.source == quote.source]
    return next((passage for passage in passages if fold(quote.words) in fold(passage.text)), passages[0])
