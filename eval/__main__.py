"""`python -m eval`: its commands and what each does; `eval.arguments` says with what."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from eval.arguments import parser
from vectorstore.errors import ArchiveError, WrongUse

if TYPE_CHECKING:
    from eval.config import Config

_FILES = ("questions", "config", "out", "html", "markdown", "junit", "baseline")
"""Options of `run` that name a file."""

PASSED, GATE_FAILED, WRONG_USE = 0, 1, 2


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.baseline import baseline_json
    from eval.files import check_apart, write_json
    from eval.options import Options
    from eval.questions import Part
    from eval.report import report
    from eval.reports import write_reports
    from eval.run import run

    check_apart(getattr(arguments, name) for name in _FILES)
    options = Options(
        arguments.archive,
        arguments.questions,
        Part(arguments.part) if arguments.part else None,
        config=_config(arguments),
        allow_missing=arguments.allow_missing,
        gated=not arguments.no_gates,
        among=tuple(arguments.among),
        baseline=_baseline(arguments),
        written=arguments.written,
        judge=arguments.judge,
    )
    evaluation = run(options, settings)
    if arguments.update_baseline:
        evaluation = evaluation.accepted()
    content = evaluation.json()
    write_json(arguments.out, content)
    write_reports(content, arguments.html, arguments.markdown, arguments.junit)
    print(report(evaluation))
    if arguments.update_baseline:
        write_json(arguments.baseline, baseline_json(content))
        print(f"\nWritten as the baseline: {arguments.baseline}")
    return PASSED if evaluation.passed else GATE_FAILED


def _report(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.evaluations import load_evaluation
    from eval.reports import write_reports

    if not (arguments.html or arguments.markdown or arguments.junit):
        raise WrongUse("No report is asked for.", "Add --html FILE, --markdown FILE or --junit FILE.")
    write_reports(load_evaluation(arguments.evaluation), arguments.html, arguments.markdown, arguments.junit)
    return PASSED


def _config(arguments: argparse.Namespace) -> Config:
    """The configuration asked for, as production has it when none is."""
    from eval.config import Config, load_config

    config = load_config(arguments.config) if arguments.config else Config()
    try:
        return config.without(dense=arguments.no_dense, expansion=arguments.no_expansion)
    except ValueError as error:
        raise WrongUse(f"{error}.", "Leave --no-dense and --no-expansion out.") from error


def _baseline(arguments: argparse.Namespace) -> Path | None:
    """The baseline to compare with; none when this run is to write the first."""
    path: Path | None = arguments.baseline
    if path is None and arguments.update_baseline:
        raise WrongUse("--update-baseline writes a file.", "Name it with --baseline FILE.")
    first = path is not None and arguments.update_baseline and not path.exists()
    return None if first else path


def _compare(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.compare import comparison, load_runs

    print(comparison(load_runs(arguments.files), markdown=arguments.markdown))
    return PASSED


def _reading(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.files import write_json
    from eval.reading import measure
    from eval.reading_report import reading_report

    reading = measure(arguments.archive, arguments.labels, settings, allow_missing=arguments.allow_missing)
    write_json(arguments.out, reading.json())
    print(reading_report(reading))
    return PASSED if reading.passed else GATE_FAILED


def _statements(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.files import check_apart, write_json
    from eval.questions import Part
    from eval.verification import measure
    from eval.verification_report import verification_report

    check_apart((arguments.statements, arguments.out))
    part = Part(arguments.part) if arguments.part else None
    verification = measure(arguments.archive, arguments.statements, settings, part)
    write_json(arguments.out, verification.json())
    print(verification_report(verification))
    return PASSED if verification.passed else GATE_FAILED


def _init(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.init import write_questions

    out = arguments.out or arguments.archive.resolve().parent / "vragen.yaml"
    count = write_questions(arguments.archive, out, settings, arguments.count)
    print(f"{out}: {count} vragen. Lees ze na en zet ze in eigen woorden; hoe, staat bovenaan in het bestand.")
    return PASSED


def _beir(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.beir import load, measure
    from eval.files import write_json
    from eval.tables import text_table

    folders = [load(path, arguments.limit) for path in arguments.folders]
    embedder = open_embedder(settings)
    dense, expansion = not arguments.no_dense, not arguments.no_expansion
    figures: dict[str, dict[str, float]] = {}
    for path, folder in zip(arguments.folders, folders, strict=True):
        name = str(path) if folder.name in figures else folder.name
        figures[name] = measure(folder, settings, embedder, dense=dense, expansion=expansion)
        print(text_table([["folder", *figures[name]], [name, *map(str, figures[name].values())]]), flush=True)
    write_json(arguments.out, {"folders": figures})
    return PASSED


def _make(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.made import make

    for path in make(arguments.data, arguments.out):
        print(path)
    return PASSED


def _bench(arguments: argparse.Namespace, _settings: Settings) -> int:
    questions = arguments.questions or arguments.archive.parent / "questions.yaml"
    if arguments.scale:
        from eval import scale

        figures = scale.scale(arguments.archive, questions, arguments.scale)
        print(scale.markdown(figures))
    elif arguments.intake:
        from eval import intake

        figures = intake.intake(arguments.archive, arguments.intake, arguments.pages)
        print(intake.markdown(figures))
    else:
        from eval.bench import bench, markdown

        figures = bench(arguments.archive, questions, arguments.letters)
        print(markdown(figures))
    if arguments.out:
        from eval.files import write_json

        write_json(arguments.out, figures)
    return PASSED


def _recognition(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.files import write_json
    from eval.recognition import markdown, run, write_scans

    if arguments.scans:
        write_scans(arguments.archive, arguments.scans)
        return PASSED
    figures = run(arguments.archive, arguments.letters)
    print(markdown(figures))
    if arguments.out:
        write_json(arguments.out, figures)
    return PASSED


def _parts(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.files import write_json
    from eval.parts import markdown, worths
    from eval.tune import prepared

    pairs = [(Path(archive), Path(questions)) for archive, questions in arguments.questions]
    with prepared(arguments.folders, pairs, settings, open_embedder(settings), part=None) as measured:
        figures = worths(measured)
    print(markdown(figures))
    if arguments.out:
        write_json(arguments.out, {"parts": figures})
    return PASSED


def _fit(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.files import write_text
    from eval.fit import fit, weights_file

    pairs = [(Path(archive), Path(questions)) for archive, questions in arguments.questions]
    fitted = fit(pairs, settings, open_embedder(settings))
    write_text(arguments.out, weights_file(fitted))
    areas = f"sentences {fitted.sentence_auc:.3f}, questions {fitted.question_auc:.3f}"
    print(f"{fitted.questions} questions; area under the ROC curve, in cross-validation: {areas}")
    return PASSED


def _tune(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.config import Config
    from eval.tables import text_table
    from eval.tune import Trial, ascend, header, prepared, row
    from ingest.passages import Sizes

    pairs = [(Path(archive), Path(questions)) for archive, questions in arguments.questions]
    embedder = open_embedder(settings)
    for sizes in [Sizes(*numbers) for numbers in arguments.sizes] or [Sizes()]:
        trials: list[Trial] = []

        def seen(trial: Trial, trials: list[Trial] = trials) -> None:
            trials.append(trial)
            print(dict(zip(header(trial), row(trial), strict=True)), file=sys.stderr)

        with prepared(arguments.folders, pairs, settings, embedder, sizes) as measured:
            if arguments.once:
                seen(Trial(Config(), measured(Config())))
            else:
                ascend(measured, seen=seen)
        print(f"{sizes}\n{text_table([header(trials[0]), *map(row, trials)])}", flush=True)
    return PASSED


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "run": _run,
    "report": _report,
    "compare": _compare,
    "init": _init,
    "reading": _reading,
    "statements": _statements,
    "beir": _beir,
    "recognition": _recognition,
    "make": _make,
    "bench": _bench,
    "parts": _parts,
    "tune": _tune,
    "fit": _fit,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, 1 when a gate failed, or 2 for wrong use."""
    parsed = parser().parse_args(arguments)
    try:
        return COMMANDS[parsed.command](parsed, Settings.from_environment(os.environ))
    except ArchiveError as error:
        print(error, file=sys.stderr)
        return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
