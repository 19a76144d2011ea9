"""`python -m eval`: run, init, reading, recognition, beir, make, bench, parts and tune."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistant.settings import Settings
from vectorstore.errors import ArchiveError, WrongUse

if TYPE_CHECKING:
    from eval.config import Config

PASSED, GATE_FAILED, WRONG_USE = 0, 1, 2

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.questions import Part
    from eval.report import report
    from eval.run import Options, run, write_json

    options = Options(
        arguments.archive,
        arguments.questions,
        Part(arguments.part) if arguments.part else None,
        config=_config(arguments),
        allow_missing=arguments.allow_missing,
        gated=not arguments.no_gates,
        among=tuple(arguments.among),
    )
    evaluation = run(options, settings)
    write_json(arguments.out, evaluation.json())
    print(report(evaluation))
    return PASSED if evaluation.passed else GATE_FAILED


def _config(arguments: argparse.Namespace) -> Config:
    """The configuration asked for, as production has it when none is."""
    from eval.config import Config, load_config

    config = load_config(arguments.config) if arguments.config else Config()
    try:
        return config.without(dense=arguments.no_dense, expansion=arguments.no_expansion)
    except ValueError as error:
        raise WrongUse(f"{error}.", "Leave --no-dense and --no-expansion out.") from error


def _reading(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.reading import measure
    from eval.reading_report import reading_report
    from eval.run import write_json

    reading = measure(arguments.archive, arguments.labels, settings, allow_missing=arguments.allow_missing)
    write_json(arguments.out, reading.json())
    print(reading_report(reading))
    return PASSED if reading.passed else GATE_FAILED


def _init(arguments: argparse.Namespace, settings: Settings) -> int:
    from eval.init import write_questions

    out = arguments.out or arguments.archive.resolve().parent / "vragen.yaml"
    count = write_questions(arguments.archive, out, settings, arguments.count)
    print(f"{out}: {count} vragen. Lees ze na en zet ze in eigen woorden; hoe, staat bovenaan in het bestand.")
    return PASSED


def _beir(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.composition import open_embedder
    from eval.beir import load, measure
    from eval.run import write_json
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
        from eval.run import write_json

        write_json(arguments.out, figures)
    return PASSED


def _recognition(arguments: argparse.Namespace, _settings: Settings) -> int:
    from eval.recognition import markdown, run, write_scans
    from eval.run import write_json

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
    from eval.parts import markdown, worths
    from eval.run import write_json
    from eval.tune import prepared

    pairs = [(Path(archive), Path(questions)) for archive, questions in arguments.questions]
    with prepared(arguments.folders, pairs, settings, open_embedder(settings), part=None) as measured:
        figures = worths(measured)
    print(markdown(figures))
    if arguments.out:
        write_json(arguments.out, {"parts": figures})
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="How good the assistant is, measured.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    parts = argparse.ArgumentParser(add_help=False)
    parts.add_argument("--no-dense", action="store_true", help="search by words alone")
    parts.add_argument("--no-expansion", action="store_true", help="search without synonyms and translations")

    run = commands.add_parser("run", parents=[parts], help="ask every question of a file and judge the answers")
    run.add_argument("--archive", type=Path, required=True, help="folder of letters")
    run.add_argument("--questions", type=Path, required=True, help="question file (YAML)")
    run.add_argument("--out", type=Path, required=True, help="answers and metrics, as JSON")
    run.add_argument(
        "--config", type=Path, metavar="FILE", help="settings to run with (YAML); those of production if none"
    )
    run.add_argument("--part", choices=("dev", "test"), help="only the questions of this part")
    run.add_argument("--allow-missing", action="store_true", help="only warn of evidence the letters do not hold")
    run.add_argument("--no-gates", action="store_true", help="hold the figures to nothing, and exit 0")
    run.add_argument(
        "--among", type=Path, action="append", default=[], metavar="DIR", help="BEIR folder to mix into the archive"
    )
    run.set_defaults(command=_run)

    init = commands.add_parser("init", help="write a first question file over letters, for a person to go on with")
    init.add_argument("--archive", type=Path, required=True, help="folder of letters")
    init.add_argument("--out", type=Path, metavar="FILE", help="question file (YAML); vragen.yaml beside the folder")
    init.add_argument("--count", type=int, default=40, help="most questions (40)")
    init.set_defaults(command=_init)

    reading = commands.add_parser("reading", help="compare how letters are read with what a person labelled")
    reading.add_argument("--archive", type=Path, required=True, help="folder of letters")
    reading.add_argument("--labels", type=Path, required=True, help="label file (YAML)")
    reading.add_argument("--out", type=Path, required=True, help="figures and what was read wrongly, as JSON")
    reading.add_argument("--allow-missing", action="store_true", help="only warn of labels the letters do not hold")
    reading.set_defaults(command=_reading)

    beir = commands.add_parser("beir", parents=[parts], help="measure retrieval over BEIR folders")
    beir.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels/test.tsv"
    )
    beir.add_argument("--out", type=Path, required=True, help="figures, as JSON")
    beir.add_argument("--limit", type=int, help="most queries of each folder")
    beir.set_defaults(command=_beir)

    recognition = commands.add_parser("recognition", help="how well scans are read: characters wrong, seconds a page")
    recognition.add_argument("archive", type=Path, help="folder with letters in plain text")
    recognition.add_argument("--letters", type=int, help="only so many of them")
    recognition.add_argument(
        "--scans", type=Path, metavar="DIR", help="instead: write a scan of each letter, by its name"
    )
    recognition.add_argument("--out", type=Path, help="figures, as JSON")
    recognition.set_defaults(command=_recognition)

    _add_bench(commands)
    _add_tune(commands)
    return parser


def _add_bench(commands: Commands) -> None:
    make = commands.add_parser("make", help="make more BEIR folders from the training and development data")
    make.add_argument("--data", type=Path, required=True, help="holds train/ and dev/")
    make.add_argument("--out", type=Path, required=True, help="folder to write them in")
    make.set_defaults(command=_make)

    bench = commands.add_parser("bench", help="speed and memory beside a plain LangChain pipeline")
    bench.add_argument("--archive", type=Path, required=True, help="folder of letters")
    bench.add_argument("--questions", type=Path, help="question file over it; questions.yaml beside it when left out")
    bench.add_argument("--letters", type=int, default=300, help="varied copies to ingest (300)")
    bench.add_argument(
        "--scale",
        type=int,
        nargs="+",
        metavar="PASSAGES",
        help="instead: search, adding and opening in archives of so many passages",
    )
    bench.add_argument("--intake", type=int, metavar="LETTERS", help="instead: reading in so many letters")
    bench.add_argument("--pages", type=int, default=20, help="pages that --intake reads as scans (20)")
    bench.add_argument("--out", type=Path, help="figures, as JSON")
    bench.set_defaults(command=_bench)


def _add_tune(commands: Commands) -> None:
    sets = argparse.ArgumentParser(add_help=False)
    sets.add_argument("folders", type=Path, nargs="*", metavar="DIR", help="BEIR folders")
    sets.add_argument(
        "--questions",
        nargs=2,
        action="append",
        default=[],
        metavar=("ARCHIVE", "FILE"),
        help="letters and their questions",
    )

    worth = commands.add_parser("parts", parents=[sets], help="what each part of the search is worth")
    worth.add_argument("--out", type=Path, help="figures, as JSON")
    worth.set_defaults(command=_parts)

    tune = commands.add_parser("tune", parents=[sets], help="look for better weights; writes nothing")
    tune.add_argument(
        "--sizes",
        nargs=3,
        type=int,
        action="append",
        default=[],
        metavar=("LEAST", "ENOUGH", "MOST"),
        help="words in a passage",
    )
    tune.add_argument("--once", action="store_true", help="measure the weights as they are")
    tune.set_defaults(command=_tune)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, 1 when a gate failed, or 2 for wrong use."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.command(parsed, Settings.from_environment(os.environ)))
    except ArchiveError as error:
        print(error, file=sys.stderr)
        return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
