"""A first question file for a council's own letters, made of the letters' own words for a person to go on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from assistant.composition import open_embedder
from assistant.settings import Settings
from eval.datasets.corpus import Corpus, open_ingested
from eval.datasets.questions import ExpectedAnswer, QuestionKind
from eval.files import write_text
from eval.starter.material import Material
from eval.starter.question_makers import Maker, fact_questions, followings, metadata, positions, unsaid
from eval.systems.config import Config
from vectorstore.errors import WrongUse
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

COUNT: Final = 40
"""Questions in a first file, unless another number is asked for."""

HEAD: Final = Path(__file__).parent / "head.txt"

MAKERS: Final[Mapping[QuestionKind, tuple[str, Maker]]] = {
    QuestionKind.POSITION: ("p", positions),
    QuestionKind.FACT: ("f", fact_questions),
    QuestionKind.METADATA: ("m", metadata),
    QuestionKind.FOLLOW_UP: ("v", followings),
    QuestionKind.UNANSWERABLE: ("n", unsaid),
}
"""What begins the ids of each kind, and what makes its questions."""

_MOST: Final = {QuestionKind.UNANSWERABLE: 4, QuestionKind.METADATA: 4}
"""Of kinds of which any number can be made: one in so many questions is of that kind at most."""


def write_questions(archive: Path, out: Path, settings: Settings, count: int = COUNT) -> int:
    """Write a question file over a folder of letters; returns how many questions it has.

    Args:
        archive: folder of letters.
        out: the file, which must not be there yet.
        settings: as the temporary archive is made with.
        count: most questions.

    Raises:
        WrongUse: the file is there already, or nothing can be asked of these letters.
        ArchiveError: the letters cannot be ingested.
    """
    if count < 1:
        raise WrongUse(f"--count must be 1 or more, not {count}.")
    if out.exists():
        raise WrongUse(f"{out} is there already, and is left as it is.", "Give another file with --out.")
    embedder = open_embedder(settings)
    with open_ingested([archive], settings, embedder) as store:
        questions = first_questions(store, embedder, count)
    if not any(question.answerable for question in questions):
        raise WrongUse(
            f"No question could be made of the letters in {archive}.", "Are their kenmerk, date and subject read well?"
        )
    write_text(out, HEAD.read_text(encoding="utf-8") + "questions:\n" + "".join(map(_entry, questions)))
    return len(questions)


def first_questions(store: Store, embedder: Embedder, count: int = COUNT) -> tuple[ExpectedAnswer, ...]:
    """Return questions over the letters of a store, by kind; the same letters give the same.

    Args:
        store: the letters.
        embedder: the model the store was made with.
        count: most questions.
    """
    material, corpus = Material.of(store, Config().archive(store, embedder)), Corpus.of(store)
    offered = {
        kind: [one for one in maker(material) if all(map(corpus.stands, one.evidence))]
        for kind, (_, maker) in MAKERS.items()
    }
    years = {one.source: one.date.year for one in material.letters if one.date}
    return tuple(_named(spread(offered, years, count)))


def spread(
    offered: Mapping[QuestionKind, Sequence[ExpectedAnswer]], years: Mapping[str, int], count: int
) -> list[ExpectedAnswer]:
    """Return a choice of questions of every kind in turn, each time of the letter and the year that were asked of least.

    Args:
        offered: questions of each kind.
        years: of letters, by source.
        count: most questions.
    """
    left = {kind: list({one.question + str(one.history): one for one in own}.values()) for kind, own in offered.items()}
    room = {kind: max(1, count // _MOST[kind]) if kind in _MOST else count for kind in left}
    chosen: list[ExpectedAnswer] = []
    asked: Counter[str | int | None] = Counter()
    while len(chosen) < count and any(left[kind] and room[kind] for kind in left):
        for kind in left:
            if left[kind] and room[kind] and len(chosen) < count:
                best = min(left[kind], key=lambda one: _use(one, years, asked))
                left[kind].remove(best)
                room[kind] -= 1
                chosen.append(best)
                sources = {evidence.source for evidence in best.evidence}
                asked.update([*sources, *{years.get(source) for source in sources}])
    return chosen


def _use(question: ExpectedAnswer, years: Mapping[str, int], asked: Counter[str | int | None]) -> tuple[int, int]:
    """Count how often its letters were asked of, and their years."""
    sources = {evidence.source for evidence in question.evidence}
    return max((asked[source] for source in sources), default=0), sum(asked[years.get(source)] for source in sources)


def _named(questions: Sequence[ExpectedAnswer]) -> Iterator[ExpectedAnswer]:
    """Yield the questions by kind, each with an id."""
    for kind, (letter, _) in MAKERS.items():
        for number, question in enumerate((one for one in questions if one.kind == kind), 1):
            yield replace(question, id=f"{letter}{number:02d}")


def _entry(question: ExpectedAnswer) -> str:
    """Return a question as an item of YAML, with only what it has."""
    given = question.json() | question.json()["expected"]
    given["evidence"] = [{name: value for name, value in each.items() if value} for each in given["evidence"]]
    fields = {name: given[name] for name in ("id", "language", "kind", "question")}
    fields |= {} if question.answerable else {"answerable": False}
    fields |= {name: given[name] for name in ("history", "voice", "evidence", "all_evidence", "facts") if given[name]}
    return "\n" + yaml.safe_dump([fields], allow_unicode=True, sort_keys=False, width=200)
