"""A comparison of letters with their labels as text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from eval.compared import READ, Finding
from eval.reading import Reading
from eval.report import verdicts
from eval.tables import short, text_table

_PRECISION, _RECALL = " precision", " recall"


def reading_report(reading: Reading) -> str:
    """The whole report: figures, the voices taken for each other, warnings, what was read wrongly, gates."""
    parts = [
        reading.labels,
        text_table([["", "n", "right"], *_shares(reading)]),
        text_table([["", "precision", "recall"], *_pairs(reading)]),
        "Voices: labelled down, read across\n" + text_table(list(_confusion(reading))),
        *(f"Warning: {warning}" for warning in reading.warnings),
        *_wrong(reading),
        *verdicts(reading.gates),
    ]
    return "\n\n".join(part for part in parts if part)


def _shares(reading: Reading) -> Iterator[list[str]]:
    for name, value in reading.metrics.items():
        if not name.endswith((_PRECISION, _RECALL)):
            yield [name, str(sum(finding.measure == name for finding in reading.findings)), f"{value:.3f}"]


def _pairs(reading: Reading) -> Iterator[list[str]]:
    names = [name.removesuffix(_PRECISION).removesuffix(_RECALL) for name in reading.metrics if " " in name]
    for name in dict.fromkeys(names):
        shares = [reading.metrics.get(name + share) for share in (_PRECISION, _RECALL)]
        yield [name, *("-" if share is None else f"{share:.3f}" for share in shares)]


def _confusion(reading: Reading) -> Iterator[list[str]]:
    rows = {voice: row for voice, row in reading.confusion.items() if any(row.values())}
    yield ["", *next(iter(reading.confusion.values()), {})]
    for voice, row in rows.items():
        yield [voice, *map(str, row.values())]


def _wrong(reading: Reading) -> Iterator[str]:
    wrong = [finding for finding in reading.wrong if finding.measure != READ]
    unread = {finding.source for finding in reading.wrong if finding.measure == READ}
    shown = [finding for finding in wrong if finding.source not in unread]
    if wrong:
        yield f"Read otherwise than labelled: {len(wrong)}, of which {len(wrong) - len(shown)} in files not read"
    for measure in dict.fromkeys(finding.measure for finding in shown):
        yield "\n".join([measure, *(_line(finding) for finding in shown if finding.measure == measure)])


def _line(finding: Finding) -> str:
    about = f" “{short(finding.about, 90)}”" if finding.about else ""
    return f"    {finding.source}{about}: expected {finding.expected or 'nothing'}, got {finding.got or 'nothing'}"
