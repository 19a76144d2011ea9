"""What was read of labelled letters, and what a verifier made of labelled statements, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from eval.datasets.questions import Part
from eval.reports.document import Block, Grid, Heading, Listing, Paragraph, as_text, figure, short
from eval.reports.evaluation import gates
from eval.runs.findings import READ, Finding
from eval.runs.reading import LetterComparison
from eval.runs.trials import LEFT_OUT, MS_P50, MS_P95, Trial, shares
from eval.runs.verification import Verification

_PRECISION, _RECALL = " precision", " recall"


def reading_report(reading: LetterComparison) -> str:
    """Write figures, the voices taken for each other, warnings, what was read wrongly, and gates."""
    return as_text(_reading(reading))


def _reading(reading: LetterComparison) -> Iterator[Block]:
    metrics = reading.metrics
    compared = {name: str(sum(one.measure == name for one in reading.findings)) for name in metrics}
    whole = [name for name in metrics if not name.endswith((_PRECISION, _RECALL))]
    halves = dict.fromkeys(name.removesuffix(_PRECISION).removesuffix(_RECALL) for name in metrics if " " in name)
    voices = {voice: row for voice, row in reading.confusion.items() if any(row.values())}
    yield Heading(reading.labels)
    yield Grid([["", "n", "right"], *([name, compared[name], figure(metrics[name])] for name in whole)])
    pairs = [[name, *(figure(metrics.get(name + share)) for share in (_PRECISION, _RECALL))] for name in halves]
    yield Grid([["", "precision", "recall"], *pairs])
    yield Heading("Voices: labelled down, read across")
    header = ["", *next(iter(reading.confusion.values()), {})]
    yield Grid([header, *([voice, *map(str, row.values())] for voice, row in voices.items())])
    yield from (Paragraph(f"Warning: {warning}") for warning in reading.warnings)
    yield from _misread(reading)
    yield from gates(reading.json())


def _misread(reading: LetterComparison) -> Iterator[Block]:
    unread = {finding.source for finding in reading.wrong if finding.measure == READ}
    wrong = [finding for finding in reading.wrong if finding.measure != READ]
    shown = [finding for finding in wrong if finding.source not in unread]
    if wrong:
        yield Heading(
            f"Read otherwise than labelled: {len(wrong)}, of which {len(wrong) - len(shown)} in files not read"
        )
    for measure in dict.fromkeys(finding.measure for finding in shown):
        yield Paragraph(measure)
        yield Listing([_finding(finding) for finding in shown if finding.measure == measure])


def _finding(finding: Finding) -> str:
    about = f" “{short(finding.about, 90)}”" if finding.about else ""
    return f"{finding.source}{about}: expected {finding.expected or 'nothing'}, got {finding.got or 'nothing'}"


def verification_report(verification: Verification) -> str:
    """Write figures, the faults that were named, warnings, what was judged wrongly, and gates."""
    return as_text(_verification(verification))


def _verification(verification: Verification) -> Iterator[Block]:
    metrics, faults = verification.metrics, verification.faults
    named = list(dict.fromkeys(fault for counts in faults.values() for fault in counts))
    yield Heading(f"{verification.statements}: {len(verification.trials)} statements, {metrics[LEFT_OUT]} left out")
    yield Grid([["", "n", "share", "95%", *Part], *_shares(verification)])
    yield Paragraph(f"Milliseconds a statement: {metrics[MS_P50]:.1f} (median), {metrics[MS_P95]:.1f} (95%)")
    yield Heading("Faults: labelled down, what the verifier said across")
    rows = [[label, *(str(counts[fault] or "") for fault in named)] for label, counts in faults.items()]
    yield Grid([["", *named], *rows])
    yield from (Paragraph(f"Warning: {warning}") for warning in verification.warnings)
    for title, honest in (("Shown, though it does not hold", False), ("Not shown whole, though it holds", True)):
        wrong = [trial for trial in verification.wrong if trial.label.holds is honest]
        if wrong:
            yield from (Heading(f"{title}: {len(wrong)}"), Listing(list(map(_trial, wrong))))
    yield from gates(verification.json())


def _shares(verification: Verification) -> Iterator[list[str]]:
    of_parts = [verification.metrics["parts"].get(str(part), {}) for part in Part]
    for name, values in shares(verification.trials).items():
        low, high = verification.intervals[name]
        each = [figure(of_part.get(name)) for of_part in of_parts]
        yield [name, str(len(values)), figure(verification.metrics[name]), f"{low:.2f}-{high:.2f}", *each]


def _trial(trial: Trial) -> str:
    said = "; ".join(f"{drop.fault}: “{short(drop.text, 60)}”" for drop in trial.dropped)
    return f"{trial.label.id} “{short(trial.label.text, 110)}”{f' ({said})' if said else ''}"
