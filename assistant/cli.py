"""The command `raadsgeheugen`: ingest, reembed, search, ask, chat and status. Only results go to standard output."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from assistant.arguments import filters_from, parser
from assistant.settings import Settings
from vectorstore.errors import ArchiveError, WrongUse

if TYPE_CHECKING:
    from assistant.written import Writing
    from ingest.job import Ingest

INCOMPLETE = 3
"""Exit status of an ingest that could not read every file."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with these arguments, or those of the process."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status: 0, 1 for a failing archive, 2 for wrong use, 3 for unread files."""
    for name in ("ANONYMIZED_TELEMETRY", "GRADIO_ANALYTICS_ENABLED"):
        os.environ[name] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    _log_to_standard_error()
    options = parser().parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ).with_data(options.data)
        return int(_COMMANDS[options.command](settings, options))
    except WrongUse as error:
        print(f"raadsgeheugen: {error}", file=sys.stderr)
        return 2
    except ArchiveError as error:
        print(f"raadsgeheugen: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nraadsgeheugen: gestopt.", file=sys.stderr)
        return 130


def _log_to_standard_error() -> None:
    """Warnings of all, and of the assistant itself what the chat model took for each answer."""
    logging.basicConfig(format="%(name)s: %(message)s")
    logging.getLogger("assistant").setLevel(logging.INFO)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.composition import open_ingest, rehearse_ingest
    from assistant.report import print_report, with_progress

    if options.watch and (options.json or options.dry_run):
        raise WrongUse("--watch gaat niet samen met --json of --dry-run.", "Laat een van beide weg.")
    if options.dry_run:
        report = rehearse_ingest(settings, options.paths, prune=options.prune, progress=with_progress)
    else:
        with open_ingest(settings, rebuild=options.rebuild) as ingest:
            if options.watch:
                _keep_in_step(ingest, options.paths, settings.data)
            report = ingest.run(options.paths, prune=options.prune, progress=with_progress)
    if options.json:
        _print_json(report.json())
    else:
        print_report(report, rehearsal=options.dry_run)
    return 0 if report.complete else INCOMPLETE


def _keep_in_step(ingest: Ingest, paths: Sequence[Path], data: Path) -> NoReturn:
    """Read files, and again whenever they change, until Ctrl-C; what goes wrong once may go right the next time."""
    from assistant.report import print_report, with_progress
    from ingest.watching import changes, interruptions

    with interruptions() as pressed:
        print_report(ingest.run(paths, prune=True, progress=with_progress))
        print("Kijkt of er brieven bij komen (stop met Ctrl-C).", file=sys.stderr)
        for _ in changes(paths, data, pressed):
            try:
                report = ingest.run(paths, prune=True)
            except ArchiveError as error:
                print(f"raadsgeheugen: {error}", file=sys.stderr)
            else:
                if report.changed:
                    print_report(report)
        raise KeyboardInterrupt


def _reembed(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.composition import open_reembedding
    from assistant.report import embedding_progress, print_renewal

    renewal = open_reembedding(settings).run(embedding_progress)
    if options.json:
        _print_json(renewal.json())
    else:
        print_renewal(renewal)
    return 0


def _search(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers import filters_json, hit_json
    from assistant.composition import open_assistant

    filters = filters_from(options)
    hits = open_assistant(settings.without_chat_model()).search(options.query, options.k, filters)
    if options.json:
        found = [hit_json(number, hit) for number, hit in enumerate(hits, 1)]
        _print_json({"query": options.query, "filters": filters_json(filters), "hits": found})
        return 0
    for number, hit in enumerate(hits, 1):
        letter, passage = hit.passage.letter, hit.passage
        place = f", p. {passage.page}" if passage.page else ""
        print(f"{number}. {letter.source}{place}  ({letter.reference or '-'}, {letter.date or '-'}, {passage.voice})")
        print(f"   {' '.join(passage.text.split())}\n")
    return 0


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers import Answer, result_json
    from assistant.composition import open_assistant
    from assistant.quoting import EXTRACTIVE

    result = open_assistant(settings).ask(options.question, filters_from(options))
    if options.json:
        _print_json(result_json(result))
        return 0
    print(result.text)
    if isinstance(result, Answer):
        print()
        for number, citation in enumerate(result.citations, 1):
            page = f", p. {citation.page}" if citation.page else ""
            print(f"[{number}] {citation.letter.source}{page}")
    if result.writing:
        _print_writing(result.writing, lacking="geen" if result.engine == EXTRACTIVE else "geen heel")
    return 0


def _print_writing(writing: Writing, lacking: str) -> None:
    """Of an answer that a chat model was asked for, what did not go as it should.

    Args:
        writing: what came of it.
        lacking: how much of an answer there is not, when it did not succeed.
    """
    count = len(writing.dropped)
    if count:
        sentences = "1 zin" if count == 1 else f"{count} zinnen"
        print(f"raadsgeheugen: {sentences} van het taalmodel weggelaten; --json toont ze.", file=sys.stderr)
    if writing.problem:
        print(f"raadsgeheugen: {lacking} antwoord van het taalmodel. {writing.problem}", file=sys.stderr)


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers import Language
    from assistant.composition import open_assistant, open_ingest
    from assistant.report import print_report, with_progress
    from assistant.web.app import launch

    if options.ingest:
        with open_ingest(settings) as ingest:
            print_report(ingest.run(options.ingest, progress=with_progress), file=sys.stderr)
    launch(open_assistant(settings), options.host, options.port, Language(settings.language), ready=_announce)
    return 0


def _announce(address: str) -> None:
    print(f"De chat staat klaar op {address} (stop met Ctrl-C).", file=sys.stderr)


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.composition import open_assistant, open_catalogue
    from assistant.report import print_status, status_json

    assistant = open_assistant(settings.without_chat_model())
    if options.manifest:
        from ingest.manifest import manifest_csv

        sys.stdout.buffer.write(manifest_csv(assistant.archive.store.letters()).encode())
        return 0
    status = status_json(assistant, settings)
    entries = open_catalogue(assistant.archive) if options.letters else []
    if options.json:
        _print_json(status | ({"catalogue": entries} if options.letters else {}))
        return 0
    print_status(status)
    if options.letters:
        from assistant.catalogue import print_catalogue

        print()
        print_catalogue(entries)
    return 0


_COMMANDS = {
    "ingest": _ingest,
    "reembed": _reembed,
    "search": _search,
    "ask": _ask,
    "chat": _chat,
    "status": _status,
}
