"""Output of the commands for a person: reports of an ingest or of re-embedding, and the state of the archive."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.cli.terminal import print_line
from assistant.inspection import Inspection
from assistant.settings import Settings
from ingest.files import Found
from ingest.job.reembed import Renewal
from ingest.job.report import Outcome, Report, last_report
from prompts.wording import Wording, load_wording

_FEW = 3
"""Files for which no progress bar is needed."""

_EXAMPLES = 5
"""Names given of all that is skipped for one reason."""


def with_progress(files: Sequence[Found]) -> Iterable[Found]:
    """Show a progress bar on standard error over files when there are more than a few."""
    if len(files) <= _FEW:
        return files
    words = load_wording("commands")
    desc, unit = words["reading_files"], words["reading_files_unit"]
    bar: Iterable[Found] = tqdm(files, desc=desc, unit=unit, file=sys.stderr, dynamic_ncols=True)
    return bar


def print_report(report: Report, file: TextIO | None = None, *, rehearsal: bool = False) -> None:
    """Print a line for each file that changed or could not be read, and a line that counts.

    Args:
        report: what was done.
        file: where to print it; standard output when None.
        rehearsal: it was not done, only looked what would be.
    """
    out, words = file or sys.stdout, load_wording("commands")
    for entry in report.entries:
        if entry.outcome not in (Outcome.UNCHANGED, Outcome.SKIPPED):
            reason = f": {entry.reason}" if entry.reason else ""
            print_line(f"{words[f'outcome_{entry.outcome}']:<13} {entry.source}{reason}", out)
    for line in _skipped(report, words):
        print_line(line, out)
    for remark in report.remarks:
        print_line(words("remark", remark=remark), out)
    print_line(words("ingest_rehearsed" if rehearsal else "ingest_done", counts=_count(report, words)), out)


def _skipped(report: Report, words: Wording) -> Iterator[str]:
    """Yield a line for each reason why something was no letter, with a few examples."""
    sources: dict[str, list[str]] = {}
    for entry in report.skipped:
        sources.setdefault(entry.reason, []).append(entry.source)
    for reason, names in sources.items():
        more = words("skipped_more", count=len(names) - _EXAMPLES) if len(names) > _EXAMPLES else ""
        yield words("skipped", count=len(names), reason=reason, names=", ".join(names[:_EXAMPLES]) + more)


def _count(report: Report, words: Wording) -> str:
    counts = {outcome: report.count(outcome) for outcome in Outcome if outcome is not Outcome.SKIPPED}
    told = [f"{count} {words[f'outcome_{outcome}']}" for outcome, count in counts.items() if count]
    return ", ".join(told) or words["nothing_to_do"]


@contextlib.contextmanager
def embedding_progress(done: int, total: int) -> Iterator[Callable[[int], object]]:
    """Show a progress bar on standard error over passages; the value is called with how many more are done."""
    words = load_wording("commands")
    with tqdm(
        desc=words["making_vectors"],
        initial=done,
        total=total,
        unit=words["making_vectors_unit"],
        file=sys.stderr,
        dynamic_ncols=True,
    ) as bar:
        yield bar.update


def print_renewal(renewal: Renewal) -> None:
    """Print what became of the archive's vectors."""
    words = load_wording("commands")
    if not renewal.changed:
        print_line(words("reembed_nothing", model=renewal.model))
        return
    print_line(
        words(
            "reembed_done",
            model=renewal.model,
            former=renewal.former,
            embedded=renewal.embedded,
            passages=renewal.passages,
            seconds=f"{renewal.seconds:.0f}",
        )
    )


def print_verification(inspection: Inspection) -> None:
    """Print what was looked at, what is wrong and what mends it."""
    words = load_wording("commands")
    print_line(words("verified", place=inspection.data, letters=inspection.letters, passages=inspection.passages))
    print_line(words("verified_quotations", count=inspection.quotations))
    for problem in inspection.problems:
        print_line(words("verify_problem", what=problem.what, remedy=problem.remedy))
    for remark in inspection.remarks:
        print_line(words("status_remark", remark=remark))
    print_line(words["verified_whole" if inspection.whole else "verified_damaged"])


def status_json(assistant: Assistant, settings: Settings) -> dict[str, Any]:
    """Return what the archive holds, what it was made with, and what could not be read."""
    searched, archive = assistant.searched(), assistant.archive
    store, reranker = archive.store, archive.reranker
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
            "reader": archive.reader.fingerprint if archive.reader else None,
            "reranker": reranker.name if reranker else None,
            "chat": settings.chat_model,
        },
        "unreadable": [{"source": record.source, "reason": record.reason} for record in assistant.unreadable()],
        "index": archive.health(),
        "last_ingest": last.json() if last else None,
    }


def print_status(status: dict[str, Any]) -> None:
    """Print the status in words."""
    words, models, index = load_wording("commands"), status["models"], status["index"]
    years, undated = "", status["years"].get("unknown")
    if status["from"]:
        years = words("status_years", since=status["from"][:4], until=status["to"][:4])
    print_line(words("status_archive", place=status["server"] or status["data"]))
    print_line(words("status_letters_held", count=status["letters"], years=years))
    if undated:
        print_line(words("status_undated", count=undated))
    print_line(words("status_passages", count=status["passages"]))
    for name, phrase in {
        "embedding": "model",
        "reader": "reader",
        "reranker": "reranker",
        "chat": "chat_model",
    }.items():
        if models[name]:
            print_line(words(f"status_{phrase}", model=models[name]))
    health = words["index_complete" if index["complete"] else "index_behind"]
    print_line(words("status_index", health=health, letters=index["letters"]))
    if status["last_ingest"]:
        _print_last_ingest(Report.from_json(status["last_ingest"]), words)
    for record in status["unreadable"]:
        print_line(words("status_unreadable", source=record["source"], reason=record["reason"]))


def _print_last_ingest(last: Report, words: Wording) -> None:
    when = f"{last.finished:%d-%m-%Y %H:%M}, " if last.finished else ""
    print_line(words("status_last_ingest", when=when, counts=_count(last, words)))
    for remark in last.remarks:
        print_line(words("status_remark", remark=remark))
