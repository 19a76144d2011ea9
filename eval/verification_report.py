"""What a verifier made of labelled statements, as text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from eval.questions import Part
from eval.report import verdicts
from eval.tables import short, text_table
from eval.trials import LEFT_OUT, MS_P50, MS_P95, Trial, shares
from eval.verification import Verification


def verification_report(verification: Verification) -> str:
    """The whole report: figures, the faults that were named, warnings, what was judged wrongly, gates."""
    metrics = verification.metrics
    times = f"Milliseconds a statement: {metrics[MS_P50]:.1f} (median), {metrics[MS_P95]:.1f} (95%)"
    parts = [
        f"{verification.statements}: {len(verification.trials)} statements, {metrics[LEFT_OUT]} left out",
        text_table([["", "n", "share", "95%", *Part], *_shares(verification)]),
        times,
        "Faults: labelled down, what the verifier said across\n" + text_table(list(_faults(verification))),
        *(f"Warning: {warning}" for warning in verification.warnings),
        *_wrong(verification.wrong),
        *verdicts(verification.gates),
    ]
    return "\n\n".join(parts)


def _shares(verification: Verification) -> Iterator[list[str]]:
    of_parts = [verification.metrics["parts"].get(str(part), {}) for part in Part]
    for name, values in shares(verification.trials).items():
        low, high = verification.intervals[name]
        each = [f"{of_part[name]:.3f}" if name in of_part else "-" for of_part in of_parts]
        yield [name, str(len(values)), f"{verification.metrics[name]:.3f}", f"{low:.2f}-{high:.2f}", *each]


def _faults(verification: Verification) -> Iterator[list[str]]:
    named = list(dict.fromkeys(fault for counts in verification.faults.values() for fault in counts))
    yield ["", *named]
    for label, counts in verification.faults.items():
        yield [label, *(str(counts[fault] or "") for fault in named)]


def _wrong(trials: tuple[Trial, ...]) -> Iterator[str]:
    for title, honest in (("Shown, though it does not hold", False), ("Not shown whole, though it holds", True)):
        lines = [_line(trial) for trial in trials if (trial.label.flaw is None) is honest]
        if lines:
            yield "\n".join([f"{title}: {len(lines)}", *lines])


def _line(trial: Trial) -> str:
    said = "; ".join(f"{drop.fault}: “{short(drop.text, 60)}”" for drop in trial.dropped)
    return f"    {trial.label.id} “{short(trial.label.text, 110)}”{f' ({said})' if said else ''}"
