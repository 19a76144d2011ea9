"""What can be typed after `python -m eval`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


NEEDED: Final = ("archive", "questions", "out")
"""Options that `run` needs, unless it is to run all."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command, which it leaves under `command`, and its options; exit with 2 where they are wrong."""
    reader = parser()
    given = reader.parse_args(arguments)
    if given.command == "run":
        missing = [f"--{name}" for name in NEEDED if getattr(given, name) is None]
        if missing and not given.all:
            reader.error(f"run needs {', '.join(missing)}, or --all")
        if given.all and (given.archive or given.questions or given.config or given.baseline):
            reader.error("run --all takes its letters, questions and baselines from eval/suite.yaml")
        if given.jobs is not None and given.jobs < 1:
            reader.error("--jobs must be 1 or more")
    return given


def parser() -> argparse.ArgumentParser:
    """Return reads the command, which it leaves under `command`, and its options."""
    made = argparse.ArgumentParser(prog="python -m eval", description="How good the assistant is, measured.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parts = argparse.ArgumentParser(add_help=False)
    parts.add_argument("--no-dense", action="store_true", help="search by words alone")
    parts.add_argument("--no-expansion", action="store_true", help="search without synonyms and translations")
    reports = argparse.ArgumentParser(add_help=False)
    reports.add_argument("--html", type=Path, metavar="FILE", help="write a page for members and developers")
    reports.add_argument("--markdown", type=Path, metavar="FILE", help="write a summary in Markdown")
    reports.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    _add_run(commands, parts, reports)
    report = commands.add_parser("report", parents=[reports], help="write reports of a run from its JSON")
    report.add_argument("evaluation", type=Path, metavar="FILE", help="what 'run --out' wrote")
    _add_compare(commands)
    _add_init(commands)
    _add_reading(commands)
    _add_statements(commands)
    _add_beir(commands, parts)
    _add_bench(commands)
    _add_tune(commands)
    return made


def _add_run(commands: Commands, *parents: argparse.ArgumentParser) -> None:
    run = commands.add_parser("run", parents=parents, help="ask every question of a file and judge the answers")
    run.add_argument("--archive", type=Path, help="folder of letters")
    run.add_argument("--questions", type=Path, help="question file (YAML)")
    run.add_argument("--out", type=Path, help="answers and metrics, as JSON; with --all a folder (build)")
    run.add_argument("--all", action="store_true", help="instead: every evaluation of eval/suite.yaml")
    run.add_argument("--jobs", type=int, metavar="N", help="with --all: how many at once; one for each processor")
    run.add_argument("--shared", type=Path, metavar="DIR", help="with --all: folder of the shared letters")
    run.add_argument(
        "--config", type=Path, metavar="FILE", help="settings to run with (YAML); those of production if none"
    )
    run.add_argument("--part", choices=("dev", "test"), help="only the questions of this part")
    run.add_argument("--baseline", type=Path, metavar="FILE", help="what an earlier run reached; fail when worse")
    run.add_argument(
        "--update-baseline", action="store_true", help="write this run as the baseline, and fail by the gates alone"
    )
    run.add_argument("--allow-missing", action="store_true", help="only warn of evidence the letters do not hold")
    run.add_argument("--no-gates", action="store_true", help="hold the figures to no gates")
    run.add_argument(
        "--written",
        action="store_true",
        help="let the chat model of the settings write the answers, and tell how it did",
    )
    run.add_argument(
        "--judge", action="store_true", help="ask a chat model what it thinks of the answers; advice, never a gate"
    )
    run.add_argument(
        "--among", type=Path, action="append", default=[], metavar="DIR", help="BEIR folder to mix into the archive"
    )


def _add_compare(commands: Commands) -> None:
    compare = commands.add_parser("compare", help="put runs over the same questions side by side")
    compare.add_argument("files", type=Path, nargs="+", metavar="FILE", help="what `run --out` wrote; two or more")
    compare.add_argument("--markdown", action="store_true", help="as Markdown")


def _add_init(commands: Commands) -> None:
    init = commands.add_parser("init", help="write a first question file over letters, for a person to go on with")
    init.add_argument("--archive", type=Path, required=True, help="folder of letters")
    init.add_argument("--out", type=Path, metavar="FILE", help="question file (YAML); vragen.yaml beside the folder")
    init.add_argument("--count", type=int, default=40, help="most questions (40)")


def _add_reading(commands: Commands) -> None:
    reading = commands.add_parser("reading", help="compare how letters are read with what a person labelled")
    reading.add_argument("--archive", type=Path, required=True, help="folder of letters")
    reading.add_argument("--labels", type=Path, required=True, help="label file (YAML)")
    reading.add_argument("--out", type=Path, required=True, help="figures and what was read wrongly, as JSON")
    reading.add_argument("--allow-missing", action="store_true", help="only warn of labels the letters do not hold")


def _add_statements(commands: Commands) -> None:
    statements = commands.add_parser("statements", help="give labelled sentences of a chat model to the verifier")
    statements.add_argument("--archive", type=Path, required=True, help="folder of letters")
    statements.add_argument("--statements", type=Path, required=True, help="labelled statements (YAML)")
    statements.add_argument("--part", choices=("dev", "test"), help="only the statements of this part")
    statements.add_argument("--out", type=Path, required=True, help="figures and what was judged wrongly, as JSON")


def _add_beir(commands: Commands, parts: argparse.ArgumentParser) -> None:
    beir = commands.add_parser("beir", parents=[parts], help="measure retrieval over BEIR folders")
    beir.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels/test.tsv"
    )
    beir.add_argument("--out", type=Path, required=True, help="figures, as JSON")
    beir.add_argument("--limit", type=int, help="most queries of each folder")


def _add_bench(commands: Commands) -> None:
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
    _add_load(bench)
    bench.add_argument("--out", type=Path, help="figures, as JSON")


def _add_load(bench: argparse.ArgumentParser) -> None:
    bench.add_argument(
        "--load", type=Path, metavar="DIR", help="instead: the chat under load; its archives are kept in this folder"
    )
    bench.add_argument(
        "--beside", type=Path, metavar="CHECKOUT", help="with --load: another version, in turns with this one"
    )
    bench.add_argument("--small", action="store_true", help="with --load: only enough to see that it works")
    bench.add_argument(
        "--sizes", type=int, nargs="+", metavar="PASSAGES", help="with --load: of the archives (10000 100000)"
    )
    bench.add_argument("--readers", type=int, help="with --load: how many ask at once (20)")
    bench.add_argument("--seconds", type=float, help="with --load: how long they ask (180)")
    bench.add_argument(
        "--marks",
        type=int,
        nargs="+",
        metavar="ANSWERS",
        help="with --load: numbers to look at memory after (200 2000)",
    )


def _add_tune(commands: Commands) -> None:
    sets = argparse.ArgumentParser(add_help=False)
    sets.add_argument("folders", type=Path, nargs="*", metavar="DIR", help="BEIR folders")
    sets.add_argument(
        "--questions",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("ARCHIVE", "FILE"),
        help="letters and their questions",
    )

    worth = commands.add_parser("parts", parents=[sets], help="what each part of the search is worth")
    worth.add_argument("--out", type=Path, help="figures, as JSON")

    fit = commands.add_parser("fit", parents=[sets], help="fit what search, choice of sentences and refusal weigh")
    fit.add_argument(
        "--labelled",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help="files of labelled passages, as eval/labelled",
    )
    fit.add_argument("--models", nargs="+", default=["e5", "static"], help="models to fit to (e5 static)")
    fit.add_argument("--out", type=Path, required=True, help="folder of the files, one for each model")
    fit.add_argument("--figures", type=Path, help="figures of each fold, as JSON")

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
