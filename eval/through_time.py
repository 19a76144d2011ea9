"""Questions that the years of letters give: one subject in several years, and what an archive does not say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from assistant.answers import Language
from assistant.evidence import TextReader
from eval.drafts import requests_of
from eval.material import Material, in_sentence
from eval.questions import Evidence, ExpectedAnswer, QuestionKind
from vectorstore.dutch import Analyser
from vectorstore.letters import Letter, Voice
from vectorstore.search import Query

SUBJECTS: Final = Path(__file__).parent / "start" / "subjects.txt"
"""Subjects of the social domain, most of which any one council has never written of."""

_LEAST_LETTERS: Final = 7
_COMMONEST: Final = 0.6
_OF_LETTERS: Final = frozenset(
    "verordening uitvoering toepassing evaluatie herijking beleidsplan uitvoeringsprogramma dienstverlening gebreken "
    "programma wijziging voorstel aanvraag wachttijden gemeente clientenraad".split()
)
_FORMS: Final = ("Wat adviseerde de raad over {}?", "Wat vond het college van {}?", "Wat schreef de raad over {}?")


@dataclass(frozen=True, slots=True)
class Subject:
    """A word that letters of the council are about.

    Attributes:
        name: the word, with its article where the letters give it one.
        letters: of the council, with a date, that have it in their subject; by date.
        texts: of every passage that has it anywhere, with its letter.
    """

    name: str
    letters: tuple[Letter, ...]
    texts: tuple[tuple[Letter, str], ...]

    @property
    def years(self) -> list[int]:
        """In which the council wrote about it."""
        return sorted({one.date.year for one in self.letters if one.date})

    def begins(self) -> int | None:
        """The first year of a letter that has it anywhere; None when one of them has no date."""
        years = [letter.date.year if letter.date else None for letter, _ in self.texts]
        return None if None in years else min((year for year in years if year), default=None)


def subjects_of(material: Material) -> list[Subject]:
    """The words that letters of the council are about, in order of the first letter."""
    found: dict[str, list[Letter]] = defaultdict(list)
    words: dict[str, str] = {}
    for letter in material.letters:
        if letter.author is Voice.COUNCIL and letter.date and letter.id in material.subjects:
            for word in re.findall(r"[\w-]+", material.subjects[letter.id]):
                for stem in _stems(material.archive.analyser, word):
                    words.setdefault(stem, word)
                    found[stem].append(letter)
    reader = TextReader(material.archive.analyser)
    passages = [passage for of_letter in material.passages.values() for passage in of_letter]
    stems = [reader.of_passage(passage)[0] for passage in passages]
    return [
        Subject(
            _with_article(words[stem], material),
            tuple(dict.fromkeys(letters)),
            tuple((p.letter, p.text) for p, own in zip(passages, stems, strict=True) if stem in own),
        )
        for stem, letters in found.items()
    ]


def _stems(analyser: Analyser, word: str) -> list[str]:
    """The stem of a word that says what a letter is about; nothing for others."""
    terms = analyser.terms(word)
    return [
        term.stem
        for term in terms
        if len(terms) == 1
        and len(term.surface) >= _LEAST_LETTERS
        and term.surface not in _OF_LETTERS
        and "n" in analyser.speech(term.surface)
        and analyser.commonness(term.surface) <= _COMMONEST
    ]


def _with_article(word: str, material: Material) -> str:
    """A word as it stands in a sentence, with the article that the letters most give it."""
    form = in_sentence(word, material.texts, material.archive.analyser)
    before = re.findall(rf"\b(de|het) (?:[a-zà-ÿ]+e )?{re.escape(form)}\b", material.texts, re.I)
    articles = Counter(map(str.lower, before))
    return f"{articles.most_common(1)[0][0]} {form}" if articles else form


def years_apart(material: Material) -> Iterator[ExpectedAnswer]:
    """What the council wrote on a subject in one of several years, and in which years it did."""
    for subject in subjects_of(material):
        if len(subject.years) < 2:
            continue
        for year in subject.years:
            letters = [one for one in subject.letters if one.date and one.date.year == year]
            evidence = [e for one in letters for e in requests_of(material, one)]
            if evidence:
                yield _asked(QuestionKind.TEMPORAL, f"Wat schreef de raad in {year} over {subject.name}?", evidence)
        evidence = [Evidence(one.source) for one in subject.letters]
        question = f"In welke jaren schreef de raad over {subject.name}?"
        facts = tuple(rf"\b{year}\b" for year in subject.years)
        yield replace(_asked(QuestionKind.TEMPORAL, question, evidence), all_evidence=True, facts=facts)


def too_early(material: Material) -> Iterator[ExpectedAnswer]:
    """What the council wrote on a subject in a year before any letter has it."""
    written = {one.date.year for one in material.letters if one.date}
    asked: set[Letter] = set()
    for subject in subjects_of(material):
        begins = subject.begins()
        if begins is None or asked.intersection(subject.letters):
            continue
        year = max((one for one in written if one < begins), default=begins - 1)
        if not any(str(year) in text for _, text in subject.texts):
            asked.update(subject.letters)
            yield _asked(QuestionKind.NEAR_MISS, f"Wat schreef de raad in {year} over {subject.name}?", ())


def unsaid(material: Material, path: Path = SUBJECTS) -> Iterator[ExpectedAnswer]:
    """Subjects of the social domain of which no letter has a word, nor another word for it."""
    archive = material.archive
    subjects = path.read_text(encoding="utf-8").splitlines()
    absent = [
        subject
        for subject in subjects
        if all(archive.rarity(concept) >= archive.most_rarity for concept in archive.concepts(Query(subject)))
    ]
    for place, subject in enumerate(absent):
        yield _asked(QuestionKind.UNANSWERABLE, _FORMS[place % len(_FORMS)].format(subject), ())


def _asked(kind: QuestionKind, question: str, evidence: Sequence[Evidence]) -> ExpectedAnswer:
    """A question without its id; one without evidence is not answerable."""
    voice = Voice.COUNCIL if evidence else None
    return ExpectedAnswer(
        "", Language.DUTCH, kind, question, answerable=bool(evidence), voice=voice, evidence=tuple(evidence)
    )
