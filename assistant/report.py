"""What the commands print for a person: what an ingest or another model did, and what the archive holds."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.settings import Settings
from ingest.files import Found
from ingest.outcomes import Outcome, Report, last_report
from ingest.reembedding import Renewal

_OUTCOMES = {
    Outcome.ADDED: "toegevoegd",
    Outcome.REPLACED: "vervangen",
    Outcome.UNCHANGED: "ongewijzigd",
    Outcome.REMOVED: "verwijderd",
    Outcome.DUPLICATE: "dubbel",
    Outcome.UNPACKED: "uitgepakt",
    Outcome.UNREADABLE: "niet gelezen",
}
_FEW = 3
"""Files for which no progress bar is needed."""


def with_progress(files: Sequence[Found]) -> Iterable[Found]:
    """The files, with a progress bar on standard error when there are more than a few."""
    if len(files) <= _FEW:
        return files
    bar: Iterable[Found] = tqdm(files, desc="Brieven lezen", unit="bestand", file=sys.stderr, dynamic_ncols=True)
    return bar


def print_report(report: Report, file: TextIO | None = None, *, rehearsal: bool = False) -> None:
    """A line for each file that changed or could not be read, and a line that counts.

    Args:
        report: what was done.
        file: where to print it; standard output when None.
        rehearsal: it was not done, only looked what would be.
    """
    out = file or sys.stdout
    for entry in report.entries:
        if entry.outcome is not Outcome.UNCHANGED:
            reason = f": {entry.reason}" if entry.reason else ""
            print(f"{_OUTCOMES[entry.outcome]:<13} {entry.source}{reason}", file=out)
    for remark in report.remarks:
        print(f"let op        {remark}", file=out)
    print(f"{'Zou doen' if rehearsal else 'Klaar'}: {_counts(report)}.", file=out)


def _counts(report: Report) -> str:
    counts = [f"{report.count(outcome)} {word}" for outcome, word in _OUTCOMES.items() if report.count(outcome)]
    return ", ".join(counts) or "niets te doen"


@contextlib.contextmanager
def embedding_progress(done: int, total: int) -> Iterator[Callable[[int], object]]:
    """A progress bar on standard error over passages; the value is called with how many more are done."""
    with tqdm(
        desc="Vectoren maken",
        initial=done,
        total=total,
        unit="passage",
        file=sys.stderr,
        dynamic_ncols=True,
    ) as bar:
        yield bar.update


def print_renewal(renewal: Renewal) -> None:
    """A line that says what became of the archive's vectors."""
    if not renewal.changed:
        print(f"Niets te doen: het archief is al van het model {renewal.model}.")
        return
    print(
        f"Klaar: het archief is nu van het model {renewal.model}, was {renewal.former}. "
        f"Nieuwe vectoren voor {renewal.embedded} van de {renewal.passages} passages in {renewal.seconds:.0f} seconden."
    )


def status_json(assistant: Assistant, settings: Settings) -> dict[str, Any]:
    """What the archive holds, what it was made with, and what could not be read."""
    searched = assistant.searched()
    store, reranker = assistant.archive.store, assistant.archive.reranker
    last = last_report(settings.data)
    by_year: dict[str, int] = {}
    for card in store.cards.values():
        year = str(card.date.year) if card.date else "unknown"
        by_year[year] = by_year.get(year, 0) + 1
    return {
        "data": str(settings.data),
        "server": settings.chroma,
        "letters": searched.letters,
        "passages": store.passage_count(),
        "years": dict(sorted(by_year.items())),
        "from": searched.since.isoformat() if searched.since else None,
        "to": searched.until.isoformat() if searched.until else None,
        "models": {
            "embedding": store.fingerprint.embedding,
            "chunker": store.fingerprint.chunker,
            "analyser": store.fingerprint.analyser,
            "reranker": reranker.name if reranker else None,
            "chat": settings.chat_model,
        },
        "unreadable": [{"source": record.source, "reason": record.reason} for record in assistant.unreadable()],
        "index": assistant.archive.health(),
        "last_ingest": last.json() if last else None,
    }


def print_status(status: dict[str, Any]) -> None:
    """The status in words."""
    years = f", {status['from'][:4]} tot en met {status['to'][:4]}" if status["from"] else ""
    print(f"Archief:     {status['server'] or status['data']}")
    print(f"Brieven:     {status['letters']}{years}")
    undated = status["years"].get("unknown")
    if undated:
        print(f"             waarvan {undated} zonder datum")
    print(f"Passages:    {status['passages']}")
    print(f"Model:       {status['models']['embedding']}")
    if status["models"]["reranker"]:
        print(f"Herordener:  {status['models']['reranker']}")
    if status["models"]["chat"]:
        print(f"Taalmodel:   {status['models']['chat']}")
    index = status["index"]
    health = "in orde" if index["complete"] else "loopt achter; wordt bijgewerkt bij de volgende vraag"
    print(f"Woordindex:  {health} ({index['letters']} brieven)")
    if status["last_ingest"]:
        last = Report.from_json(status["last_ingest"])
        when = f"{last.finished:%d-%m-%Y %H:%M}, " if last.finished else ""
        print(f"Ingelezen:   {when}{_counts(last)}")
        for remark in last.remarks:
            print(f"Let op:      {remark}")
    for record in status["unreadable"]:
        print(f"Niet gelezen: {record['source']}: {record['reason']}")
