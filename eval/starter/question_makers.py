"""Questions made of letters, in Dutch, one maker for each kind; their ids are given when they are chosen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from assistant.answers.answer import Language
from eval.datasets.questions import ExpectedAnswer, ExpectedEvidence, QuestionKind
from eval.starter.material import ENDS, SPEAKERS, Material, date_words
from vectorstore.letters import Kind, Letter, Precision, Voice
from vectorstore.search import Query

Maker = Callable[[Material], Iterator[ExpectedAnswer]]

SUBJECTS: Final = Path(__file__).parent / "subjects.txt"
"""Subjects of the social domain, most of which any one council has never written of."""

_FORMS: Final = ("Wat adviseerde de raad over {}?", "Wat vond het college van {}?", "Wat schreef de raad over {}?")
_ADVICE: Final = (Kind.ADVICE, Kind.INTERIM_ADVICE)
_MOST_EVIDENCE: Final = 6
_USUAL: Final = 3
"""Letters to one addressee from which on it is no question to whom a letter was."""

_COURTESY = re.compile(
    r"\b(?:tegemoet|vernemen|antwoord\w*|reactie|afvaardigen|uitnodig\w*|goed hebt ontvangen|schikt het)\b|\bhor?en\b.*\bgraag\b|"
    r"\bontvang\w*\b.*\bgraag\b|\bgraag\b.*\bontvang\w*\b",
    re.I,
)
"""What asks for an answer, not for what the letter is about."""

_OPENING = re.compile(
    r"^(?:U|Uw|Jullie) |\b(?:dank\w*|bedankt|kenmerk|ontvangen|ontvingen|hieronder|(?:op|in) uw advies)\b", re.I
)
"""What opens a reply or says again what was asked."""

_NUMBER: Final = r"\d{1,3}(?:\.\d{3})+|\d{2,6}"
_COUNTED = re.compile(rf"(?<![\w.,€%-])(?P<number>{_NUMBER}) (?P<what>[a-zà-ÿ]{{5,}}(?:en|s))\b")
_AMOUNT = re.compile(
    r"(?:€ ?(?P<sign>\d[\d.]*(?:,\d\d)?)|(?<![\w.,])(?P<words>\d[\d.]*(?:,\d\d)?) euro)(?: (?P<per>per [a-z]+))?"
)
_PERCENTAGE = re.compile(r"(?<![\w.,])(?P<number>\d+(?:,\d+)?) ?(?:procent\b|%)")
_RANGE = re.compile(r"\d\s*(?:naar|tot|en|of|à|-|–)\s*$")
"""What stands before the second of two numbers."""

_UNSAID: Final = frozenset(
    "mensen personen kinderen inwoners gevallen brieven dagen weken maanden jaren minuten punten kilometers bladzijden plaatsen keren procent euros "
    "januari maart augustus artikels".split()
)
"""What is counted everywhere, so that a question after it says too little."""


def _made(kind: QuestionKind, question: str, evidence: Sequence[ExpectedEvidence], **more: object) -> ExpectedAnswer:
    """Return a question without its id."""
    return ExpectedAnswer("", Language.DUTCH, kind, question, evidence=tuple(evidence), **more)  # type: ignore[arg-type]


def _exactly(text: str) -> str:
    """Return a regular expression for these words."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _advised(letter: Letter) -> str:
    return "adviseerde" if letter.kind in _ADVICE else "schreef"


def requests_of(material: Material, letter: Letter) -> list[ExpectedEvidence]:
    """Return the words of what a letter asks for."""
    spans = [(one.start, one.end) for one in letter.requests if not _COURTESY.search(letter.text[one.start : one.end])]
    found = (material.evidence(letter, *span) for span in spans if letter.voice_at(*span) is letter.author)
    return [evidence for evidence in found if evidence][:_MOST_EVIDENCE]


def _of_council(material: Material) -> list[Letter]:
    """Return letters of the council of which the subject is known, and that ask for something."""
    return [
        one
        for one in material.letters
        if one.author is Voice.COUNCIL and one.id in material.subjects and requests_of(material, one)
    ]


def positions(material: Material) -> Iterator[ExpectedAnswer]:
    """Ask what the council advised on the subject of each letter."""
    for letter in _of_council(material):
        question = f"Wat {_advised(letter)} de raad over {material.subjects[letter.id]}?"
        yield _made(QuestionKind.POSITION, question, requests_of(material, letter), voice=Voice.COUNCIL)


def _plainly(material: Material, letter: Letter) -> str:
    """Return the name of a letter in a sentence that says already whose it is."""
    return re.sub(r"^(de brief|de reactie) van (?:de raad|het college)\b", r"\1", material.names[letter.id])


def fact_questions(material: Material) -> Iterator[ExpectedAnswer]:
    """Ask for numbers, amounts and percentages that stand once in their letter."""
    for letter in material.letters:
        if letter.id in material.names:
            yield from _facts(material, letter)


def _facts(material: Material, letter: Letter) -> Iterator[ExpectedAnswer]:
    counted = [one for one in _COUNTED.finditer(letter.text) if _may_be_counted(material, one["what"])]
    kinds: Mapping[str, list[re.Match[str]]] = {
        "Hoeveel {}": counted,
        "Welk bedrag {}": list(_AMOUNT.finditer(letter.text)),
        "Welk percentage": list(_PERCENTAGE.finditer(letter.text)),
    }
    for form, matches in kinds.items():
        whats = [_what(match) for match in matches]
        for match, what in zip(matches, whats, strict=True):
            sentence = next((s for s in material.sentences(letter) if s[0] <= match.start() < s[1]), None)
            evidence = _around(material, letter, match, sentence) if sentence else None
            alone = (
                whats.count(what) == 1 and _said_once(letter, what) and not _RANGE.search(letter.text[: match.start()])
            )
            if evidence and alone:
                number = _exactly(next(value for value in match.groups() if value).rstrip("."))
                asked = " ".join(form.format(what).split())
                yield _fact(material, letter, asked, evidence, rf"\b{number}\b", match.start())


def _what(match: re.Match[str]) -> str:
    """Return the word for what is counted; empty when nothing says so."""
    groups = match.groupdict()
    return groups.get("what") or groups.get("per") or ""


def _said_once(letter: Letter, what: str) -> bool:
    """Check that a thing is counted once in a letter, so that there is one right number."""
    if not what or what.startswith("per "):
        return True
    return len(re.findall(rf"\b(?!de|het|die|deze|alle|hun|onze|uw)[\w.]+ {what}\b", letter.text)) == 1


def _may_be_counted(material: Material, word: str) -> bool:
    return word not in _UNSAID and material.archive.analyser.speech(word) != {"a"}


def _around(
    material: Material, letter: Letter, match: re.Match[str], sentence: tuple[int, int]
) -> ExpectedEvidence | None:
    """Return the words around a number, within its sentence."""
    before = letter.text[sentence[0] : match.start()].split()[-3:]
    after = letter.text[match.end() : sentence[1]].split()[:3]
    return material.known_by(letter, " ".join([*before, match[0], *after]).strip(ENDS))


def _fact(
    material: Material, letter: Letter, asked: str, evidence: ExpectedEvidence, fact: str, place: int
) -> ExpectedAnswer:
    speaker, plural = SPEAKERS.get(letter.author), asked.startswith("Hoeveel")
    if speaker and letter.voice is letter.voice_at(place, place + 1) is letter.author:
        question = f"{asked} noemde {speaker} in {_plainly(material, letter)}?"
        return _made(QuestionKind.FACT, question, [evidence], voice=letter.author, facts=(fact,))
    question = f"{asked} {'worden' if plural else 'wordt'} genoemd in {material.names[letter.id]}?"
    return _made(QuestionKind.FACT, question, [evidence], facts=(fact,))


def followings(material: Material) -> Iterator[ExpectedAnswer]:
    """Ask what the executive answered, after what the council advised."""
    for letter in _of_council(material):
        for reply in material.replies[letter.id][:1]:
            passages = [passage for passage in material.treated[letter.id] if passage.letter.id == reply.id]
            inside = [s for s in material.sentences(reply) if any(p.start <= s[0] < p.end for p in passages)]
            said = [s for s in inside if _is_answer(reply, *s)]
            evidence = [e for s in said if (e := material.evidence(reply, *s))][:_MOST_EVIDENCE]
            yield _made(
                QuestionKind.FOLLOW_UP,
                "Wat antwoordde het college daarop?",
                evidence or [ExpectedEvidence(reply.source)],
                voice=Voice.EXECUTIVE,
                history=(f"Wat {_advised(letter)} de raad over {material.subjects[letter.id]}?",),
            )


def _is_answer(reply: Letter, start: int, end: int) -> bool:
    """Check that a sentence of a reply says something new: not what was asked, nor that there is an answer."""
    return reply.voice_at(start, end) is reply.author and not _OPENING.search(reply.text[start:end])


def metadata(material: Material) -> Iterator[ExpectedAnswer]:
    """Ask for kenmerk, date, signatories and addressee of letters, each in turn."""
    makers = (_reference, _signatories, _date, _addressee)
    named = [letter for letter in material.letters if letter.id in material.names]
    for turn in range(len(makers)):
        for place, letter in enumerate(named):
            made = makers[(place + turn) % len(makers)](material, letter, material.names[letter.id])
            if made:
                yield made


def _reference(material: Material, letter: Letter, name: str) -> ExpectedAnswer | None:
    return _of_letter(material, letter, f"Wat is het kenmerk van {name}?", [letter.reference or ""])


def _signatories(material: Material, letter: Letter, name: str) -> ExpectedAnswer | None:
    signed = [one.name for one in letter.signatories]
    verb = "ondertekende" if len(signed) == 1 else "ondertekenden"
    return _of_letter(material, letter, f"Wie {verb} {name}?", signed)


def _addressee(material: Material, letter: Letter, name: str) -> ExpectedAnswer | None:
    addressee = letter.addressee or ""
    usual = sum(one.addressee == letter.addressee for one in material.letters) > _USUAL
    return (
        None if usual or "@" in addressee else _of_letter(material, letter, f"Aan wie is {name} gericht?", [addressee])
    )


def _of_letter(material: Material, letter: Letter, question: str, words: Sequence[str]) -> ExpectedAnswer | None:
    """Return a question of which each of these words of the letter must be in the answer; None where one is not in it."""
    evidence = [found for one in words if (found := material.known_by(letter, one))]
    if not words or len(evidence) < len(words):
        return None
    return _made(QuestionKind.METADATA, question, evidence, facts=tuple("(?i)" + _exactly(one) for one in words))


def _date(material: Material, letter: Letter, name: str) -> ExpectedAnswer | None:
    date = date_words(letter)
    if not date or letter.date is None or letter.date_precision is not Precision.DAY or date in name:
        return None
    forms = (date, letter.date.strftime("%d-%m-%Y"), f"{letter.date.day}-{letter.date.month}-{letter.date.year}")
    found = [evidence for form in dict.fromkeys(forms) if (evidence := material.known_by(letter, form))]
    facts = ("(?i)" + "|".join(map(_exactly, dict.fromkeys(forms))),)
    return _made(QuestionKind.METADATA, f"Van welke datum is {name}?", found, facts=facts) if found else None


def unsaid(material: Material) -> Iterator[ExpectedAnswer]:
    """Ask of subjects of the social domain of which no letter has a word, nor another word for it."""
    archive = material.archive
    subjects = SUBJECTS.read_text(encoding="utf-8").splitlines()
    absent = [
        subject
        for subject in subjects
        if all(archive.rarity(concept) >= archive.most_rarity for concept in archive.concepts(Query(subject)))
    ]
    for form, subject in zip(itertools.cycle(_FORMS), absent, strict=False):
        yield _made(QuestionKind.UNANSWERABLE, form.format(subject), [], answerable=False)
