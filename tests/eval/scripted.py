"""Two letters, questions about them, an embedder that needs no model, and an assistant that says what it is told to."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.answers.answer import Language, Response, Result, Searched, Statement
from vectorstore.letters import Citation, Filters, Letter, Passage, Voice
from vectorstore.models.embedder import Vectors
from vectorstore.store.store import Store

LETTERS = {
    "advies-2020.txt": """
        Cliëntenraad Voorbeeld
        Aan het college van burgemeester en wethouders
        Kenmerk: CRV 2020-01
        Datum: 30 januari 2020
        Onderwerp: advies over de armoedeval

        Geacht college,

        U vroeg ons om advies over het werkprogramma. Wij vinden dat meedoen aan het programma
        nooit kan leiden tot een armoedeval. Voor 500 mensen is dat geen vraag op papier.

        Met vriendelijke groet,
        namens de Cliëntenraad Voorbeeld
    """,
    "reactie-2020.txt": """
        Gemeente Voorbeeld
        Aan de Cliëntenraad Voorbeeld
        Kenmerk: SD/20/0001
        Datum: 3 maart 2020
        Onderwerp: reactie op uw advies over de armoedeval

        Geachte leden van de Cliëntenraad,

        Het college houdt vast aan het programma. Wij zullen 300 mensen extra begeleiden en de
        gevolgen voor hun inkomen vooraf met hen doorrekenen.

        Hoogachtend,
        burgemeester en wethouders van Voorbeeld
    """,
}
QUESTIONS = """
questions:
- {id: p1, language: nl, kind: position, part: dev, question: 'Wat vond de raad van de armoedeval?', voice: council,
   evidence: [{source: advies-2020.txt, text: NOOIT kan leiden tot een   armoedeval}], facts: ['(?i)nooit kan leiden']}
- {id: f1, language: nl, kind: fact, part: test, question: 'Hoeveel mensen worden extra begeleid?', voice: executive,
   evidence: [{source: reactie-2020.txt, text: 300 mensen extra}], facts: ['\\b300\\b']}
- {id: x1, language: en, kind: crossdoc, part: dev, question: 'What did both write about the programme?',
   all_evidence: true,
   evidence: [{source: advies-2020.txt, text: meedoen aan het programma}, {source: reactie-2020.txt, text: houdt vast}]}
- {id: n1, language: nl, kind: unanswerable, part: test, question: 'Wat vond de raad van de afvalheffing?',
   answerable: false}
"""
POSITION, FACT = "Wat vond de raad van de armoedeval?", "Hoeveel mensen worden extra begeleid?"
BOTH, NOTHING = "What did both write about the programme?", "Wat vond de raad van de afvalheffing?"


class HashedWords:
    """An embedder that counts words in 64 buckets."""

    @property
    def fingerprint(self) -> str:
        """Always the same."""
        return "hashed-words"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 64)."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (64,)."""
        vector = np.full(64, 1e-3, dtype=np.float32)
        for word in text.casefold().split():
            vector[zlib.crc32(word.encode()) % 64] += 1
        return vector / np.float32(np.linalg.norm(vector))


@dataclass
class Scripted:
    """An assistant that gives the results it was given, by question."""

    results: Mapping[str, Result]

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Result:
        """The scripted result."""
        return self.results[question]


@dataclass
class Script:
    """Makes results about the letters of a store; the methods are the faults that can be planted.

    Attributes:
        store: the letters.
        results: what the assistant answers, by question; right in everything at first.
    """

    store: Store
    results: dict[str, Result]

    def letter(self, source: str) -> Letter:
        """The letter of a file."""
        return next(letter for letter in self.store.letters() if letter.source == source)

    def passage(self, source: str, words: str) -> Passage:
        """The passage of a file that holds these words."""
        passages = self.store.passages_of([self.letter(source).id])
        return next(passage for passage in passages if words in passage.text)

    def citation(self, source: str, words: str, **changed: object) -> Citation:
        """A citation of these words; `changed` falsifies fields of the letter it seems to come from."""
        passage = self.passage(source, words)
        start = passage.letter.text.index(words)
        letter = replace(passage.letter, **changed)  # type: ignore[arg-type]
        return Citation(replace(passage, letter=letter), start, start + len(words))

    def answer(
        self,
        question: str,
        *citations: Citation,
        language: Language = Language.DUTCH,
        retrieved: Sequence[Passage] | None = None,
        said: str | None = None,
    ) -> None:
        """Let the assistant answer with these citations."""
        statements = tuple(Statement(said or f"In de brief staat: “{c.quote}”", (c,)) for c in citations)
        found = tuple(c.passage for c in citations) if retrieved is None else tuple(retrieved)
        self.results[question] = _response(question, language, found).answer(statements)

    def refuse(self, question: str, retrieved: Sequence[Passage] = ()) -> None:
        """Let the assistant say that the archive does not say."""
        response = _response(question, Language.DUTCH, tuple(retrieved))
        self.results[question] = replace(response.refuse("Het archief zegt hier niets over."), nearest=())


def _response(question: str, language: Language, retrieved: tuple[Passage, ...]) -> Response:
    return Response(
        question=question,
        standalone_question=question,
        language=language,
        engine="scripted",
        filters=Filters(),
        searched=Searched(2, None, None, 0),
        retrieved=retrieved,
        seconds=0.01,
    )


def write_letters(folder: Path) -> Path:
    """Write the two letters in a new folder, and give it."""
    folder.mkdir()
    for name, text in LETTERS.items():
        (folder / name).write_text("\n".join(line.strip() for line in text.strip().split("\n")), encoding="utf-8")
    return folder


def right_answers(store: Store) -> Script:
    """Right answers to all four questions about the letters of a store."""
    made = Script(store, {})
    made.answer(POSITION, made.citation("advies-2020.txt", "nooit kan leiden tot een armoedeval", voice=Voice.COUNCIL))
    made.answer(FACT, made.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE))
    made.answer(
        BOTH,
        made.citation("advies-2020.txt", "meedoen aan het programma"),
        made.citation("reactie-2020.txt", "houdt vast aan het programma"),
        language=Language.ENGLISH,
    )
    made.refuse(NOTHING)
    return made
