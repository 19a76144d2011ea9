"""`python -m eval`: its commands and what each does; `eval.cli` says with what."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from eval.cli import parse
from vectorstore.errors import ArchiveError, WrongUse

if TYPE_CHECKING:
    from eval.benchmarks.load import Amount
    from eval.systems.config import Config

_FILES = ("questions", "config", "out", "html", "markdown", "junit", "baseline")
"""Options of `run` that name a file."""

PASSED, GATE_FAILED, WRONG_USE = 0, 1, 2


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.all:
        return _run_all(arguments)
    from eval.comparison.baseline import baseline_json
    from eval.datasets.questions import Part
    from eval.files import check_apart, write_json
    from eval.reports.evaluation import evaluation_text
    from eval.reports.write import write_reports
    from eval.runs.answers import run
    from eval.systems.config import Options

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
    print(evaluation_text(content))
    if arguments.update_baseline:
        write_json(arguments.baseline, baseline_json(content))
        print(f"\nWritten as the baseline: {arguments.baseline}")
    return PASSED if evaluation.passed else GATE_FAILED


def _run_all(arguments: argparse.Namespace) -> int:
    from eval.reports.document import Grid, as_text
    from eval.runs.suite import load_suite, run_suite

    options = [f"--{name}" for name in ("written", "judge") if getattr(arguments, name)]
    jobs = arguments.jobs or (1 if options else os.cpu_count() or 1)
    shared = arguments.shared.resolve() if arguments.shared else None
    results = []
    for result in run_suite(load_suite(), shared, (arguments.out or Path("build")).resolve(), jobs, options):
        results.append(result)
        print(f"=== {result.name}: {result.verdict}\n{result.report}\n", flush=True)
    print(as_text([Grid([["suite", "seconds", ""], *([r.name, f"{r.seconds:.0f}", r.verdict] for r in results)])]))
    return max(
        (r.code if r.code in (PASSED, GATE_FAILED) else WRONG_USE for r in results if r.code is not None), default=0
    )


def _report(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.comparison.evaluations import load_evaluation
    from eval.reports.write import write_reports

    if not (arguments.html or arguments.markdown or arguments.junit):
        raise WrongUse("No report is asked for.", "Add --html FILE, --markdown FILE or --junit FILE.")
    write_reports(load_evaluation(arguments.evaluation), arguments.html, arguments.markdown, arguments.junit)
    return PASSED


def _config(arguments: argparse.Namespace) -> Config:
    """Return the configuration asked for, as production has it when none is."""
    from eval.systems.config import Config, load_config

    config = load_config(arguments.config) if arguments.config else Config()
    try:
        return config.without(dense=arguments.no_dense, expansion=arguments.no_expansion)
    except ValueError as error:
        raise WrongUse(f"{error}.", "Leave --no-dense and --no-expansion out.") from error


def _baseline(arguments: argparse.Namespace) -> Path | None:
    """Return the baseline to compare with; none when this run is to write the first."""
    path: Path | None = arguments.baseline
    if path is None and arguments.update_baseline:
        raise WrongUse("--update-baseline writes a file.", "Name it with --baseline FILE.")
    first = path is not None and arguments.update_baseline and not path.exists()
    return None if first else path


def _compare(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.reports.comparison import comparison, load_runs

    print(comparison(load_runs(arguments.files), markdown=arguments.markdown))
    return PASSED


def _reading(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.files import write_json
    from eval.reports.measurements import reading_report
    from eval.runs.reading import measure_reading

    reading = measure_reading(arguments.archive, arguments.labels, settings, allow_missing=arguments.allow_missing)
    write_json(arguments.out, reading.json())
    print(reading_report(reading))
    return PASSED if reading.passed else GATE_FAILED


def _statements(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.datasets.questions import Part
    from eval.files import check_apart, write_json
    from eval.reports.measurements import verification_report
    from eval.runs.verification import measure_statements

    check_apart((arguments.statements, arguments.out))
    part = Part(arguments.part) if arguments.part else None
    verification = measure_statements(arguments.archive, arguments.statements, settings, part)
    write_json(arguments.out, verification.json())
    print(verification_report(verification))
    return PASSED if verification.passed else GATE_FAILED


def _init(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.starter.init import write_questions

    out = arguments.out or arguments.archive.resolve().parent / "vragen.yaml"
    count = write_questions(arguments.archive, out, settings, arguments.count)
    print(f"{out}: {count} vragen. Lees ze na en zet ze in eigen woorden; hoe, staat bovenaan in het bestand.")
    return PASSED


def _beir(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.datasets.beir import load_beir
    from eval.files import write_json
    from eval.reports.document import Grid, as_text
    from eval.runs.retrieval import measure_retrieval

    folders = [load_beir(path, arguments.limit) for path in arguments.folders]
    embedder = open_embedder(settings)
    dense, expansion = not arguments.no_dense, not arguments.no_expansion
    figures: dict[str, dict[str, float]] = {}
    for path, folder in zip(arguments.folders, folders, strict=True):
        name = str(path) if folder.name in figures else folder.name
        figures[name] = measure_retrieval(folder, settings, embedder, dense=dense, expansion=expansion)
        print(as_text([Grid([["folder", *figures[name]], [name, *map(str, figures[name].values())]])]), flush=True)
    write_json(arguments.out, {"folders": figures})
    return PASSED


def _bench(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.benchmarks.bench import bench, rows, scale
    from eval.files import write_json
    from eval.reports.document import Grid, as_markdown

    archive, questions = arguments.archive, arguments.questions or arguments.archive.parent / "questions.yaml"
    if arguments.scale:
        figures = scale(archive, questions, arguments.scale)
    elif arguments.intake:
        from eval.benchmarks.intake import intake

        figures = intake(archive, arguments.intake, arguments.pages)
    elif arguments.load:
        from eval.benchmarks.load import load

        figures = load(archive, questions, arguments.load, _amount(arguments), arguments.beside)
    else:
        figures = bench(archive, questions, arguments.letters)
    print(as_markdown([Grid(rows(figures, ratio=not arguments.intake))]).rstrip())
    if arguments.out:
        write_json(arguments.out, figures)
    return PASSED


def _amount(arguments: argparse.Namespace) -> Amount:
    """Return how much of the chat under load is measured."""
    from eval.benchmarks.load import SMALL, Amount

    given = {name: getattr(arguments, name) for name in ("sizes", "readers", "seconds", "marks")}
    return replace(SMALL if arguments.small else Amount(), **{name: value for name, value in given.items() if value})


def _parts(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.files import write_json
    from eval.reports.document import Grid, as_markdown
    from eval.tuning.ablation import measure_parts, tabulate_parts
    from eval.tuning.tune import prepare

    with prepare(arguments.folders, arguments.questions, settings, open_embedder(settings), part=None) as measured:
        figures = measure_parts(measured)
    print(as_markdown([Grid(tabulate_parts(figures))]).rstrip())
    if arguments.out:
        write_json(arguments.out, {"parts": figures})
    return PASSED


def _fit(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder, open_reader
    from assistant.evidence.fitted import ANY
    from eval.datasets.labelled import write_archive
    from eval.files import write_json, write_text
    from eval.reports.document import Grid, as_text
    from eval.tuning.fit import MOST_LABELLED, Sets, fit, fit_any, fitted_file, fold_rows, open_asked

    figures = {}
    with contextlib.ExitStack() as stack:
        pairs = [*arguments.questions]
        for path in arguments.labelled:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="raadsgeheugen-eval-")))
            pairs.append(write_archive(path, folder, MOST_LABELLED))
        models: dict[str, list[Sets]] = {"": [], "-reader": []}
        for model in arguments.models:
            own = replace(settings, model=model)
            embedder, reader = open_embedder(own), open_reader(own)
            asked = stack.enter_context(open_asked(pairs, settings, embedder))
            for ending, beside in {"": None, "-reader": reader}.items():
                if ending and beside is None:
                    continue
                sets, name = Sets(asked, embedder, beside), f"{model}{ending}"
                models[ending].append(sets)
                found = fit(sets)
                write_text(arguments.out / f"{name}.yaml", fitted_file(name, found.fitted))
                figures[name] = [asdict(fold) for fold in found.folds]
                print(f"{name}\n{as_text([Grid(fold_rows(found.folds))])}", flush=True)
        for ending, fitted in models.items():
            if fitted:
                write_text(arguments.out / f"{ANY}{ending}.yaml", fitted_file(f"any model{ending}", fit_any(fitted)))
    if arguments.figures:
        write_json(arguments.figures, {"folds": figures})
    return PASSED


def _tune(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from assistant.evidence.fitted import fitted_to
    from eval.reports.document import Grid, as_text
    from eval.systems.config import Config
    from eval.tuning.tune import Attempt, ascend, header, prepare, row
    from ingest.passages import Sizes

    embedder = open_embedder(settings)
    for sizes in [Sizes(*numbers) for numbers in arguments.sizes] or [Sizes()]:
        attempts: list[Attempt] = []

        def seen(attempt: Attempt, attempts: list[Attempt] = attempts) -> None:
            attempts.append(attempt)
            print(dict(zip(header(attempt), row(attempt), strict=True)), file=sys.stderr)

        with prepare(arguments.folders, arguments.questions, settings, embedder, sizes) as measured:
            start = Config(fusion=fitted_to(embedder.fingerprint).fusion)
            if arguments.once:
                seen(Attempt(start, measured(start)))
            else:
                ascend(measured, start, seen=seen)
        print(f"{sizes}\n{as_text([Grid([header(attempts[0]), *map(row, attempts)])])}", flush=True)
    return PASSED


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "run": _run,
    "report": _report,
    "compare": _compare,
    "init": _init,
    "reading": _reading,
    "statements": _statements,
    "beir": _beir,
    "bench": _bench,
    "parts": _parts,
    "tune": _tune,
    "fit": _fit,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, 1 when a gate failed, or 2 for wrong use."""
    parsed = parse(arguments)
    try:
        return COMMANDS[parsed.command](parsed, Settings.from_environment(os.environ))
    except ArchiveError as error:
        print(error, file=sys.stderr)
        return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
