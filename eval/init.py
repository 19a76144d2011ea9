"""A first question file for a council's own letters, made of the letters' own words for a person to go on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from assistant.composition import open_embedder
from assistant.settings import Settings
from eval.config import Config
from eval.corpus import Corpus, temporary_store
from eval.drafts import Maker, attributions, crossings, facts, followings, metadata, positions
from eval.files import write_text
from eval.material import Material
from eval.questions import ExpectedAnswer, QuestionKind
from eval.through_time import too_early, unsaid, years_apart
from ingest.job import Ingest
from vectorstore.embedding import Embedder
from vectorstore.errors import WrongUse
from vectorstore.store import Store

COUNT: Final = 40
"""Questions in a first file, unless another number is asked for."""

HEAD: Final = Path(__file__).parent / "start" / "head.txt"

MAKERS: Final[Mapping[QuestionKind, tuple[str, Maker]]] = {
    QuestionKind.POSITION: ("p", positions),
    QuestionKind.FACT: ("f", facts),
    QuestionKind.METADATA: ("m", metadata),
    QuestionKind.CROSS_DOCUMENT: ("x", crossings),
    QuestionKind.TEMPORAL: ("t", years_apart),
    QuestionKind.FOLLOW_UP: ("v", followings),
    QuestionKind.ATTRIBUTION: ("a", attributions),
    QuestionKind.UNANSWERABLE: ("n", unsaid),
    QuestionKind.NEAR_MISS: ("j", too_early),
}
"""What begins the ids of each kind, and what makes its questions."""

_MOST: Final = {QuestionKind.UNANSWERABLE: 8, QuestionKind.NEAR_MISS: 8, QuestionKind.METADATA: 5}
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
    with temporary_store(settings, embedder) as store:
        Ingest(store, embedder).run([archive])
        questions = first_questions(store, embedder, count)
    if not any(question.answerable for question in questions):
        raise WrongUse(
            f"No question could be made of the letters in {archive}.", "Are their kenmerk, date and subject read well?"
        )
    write_text(out, HEAD.read_text(encoding="utf-8") + "questions:\n" + "".join(map(_entry, questions)))
    return len(questions)


def first_questions(store: Store, embedder: Embedder, count: int = COUNT) -> tuple[ExpectedAnswer, ...]:
    """Questions over the letters of a store, by kind; the same letters give the same.

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
    """A choice of questions of every kind in turn, each time of the letter and the year that were asked of least.

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
    """How often its letters were asked of, and their years."""
    sources = {evidence.source for evidence in question.evidence}
    return max((asked[source] for source in sources), default=0), sum(asked[years.get(source)] for source in sources)


def _named(questions: Sequence[ExpectedAnswer]) -> Iterator[ExpectedAnswer]:
    """The questions by kind, each with an id."""
    for kind, (letter, _) in MAKERS.items():
        for number, question in enumerate((one for one in questions if one.kind == kind), 1):
            yield replace(question, id=f"{letter}{number:02d}")


def _entry(question: ExpectedAnswer) -> str:
    """A question as an item of YAML, with only what it has."""
    fields: dict[str, Any] = {name: str(getattr(question, name)) for name in ("id", "language", "kind", "question")}
    if question.history:
        fields["history"] = list(question.history)
    if not question.answerable:
        fields["answerable"] = False
    if question.voice:
        fields["voice"] = str(question.voice)
    if question.evidence:
        fields["evidence"] = [
            {"source": one.source} | ({"text": one.text} if one.text else {}) for one in question.evidence
        ]
    if question.all_evidence:
        fields["all_evidence"] = True
    if question.facts:
        fields["facts"] = list(question.facts)
    return "\n" + yaml.safe_dump([fields], allow_unicode=True, sort_keys=False, width=200)
