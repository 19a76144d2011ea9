"""The command `raadsgeheugen` with its subcommands. Only results go to standard output."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from assistant.cli.arguments import build_parser, filters_from
from assistant.cli.interruption import INTERRUPTED, hear_interrupts_everywhere, leave
from assistant.cli.terminal import LogLines, ReaderGone, prepare_streams, print_file, print_json, print_line, print_text
from assistant.settings import Settings
from prompts.wording import load_wording, message
from vectorstore.errors import ArchiveError, ArchiveUnavailable, WrongUse

if TYPE_CHECKING:
    from assistant.answers.written_answer import Writing

INCOMPLETE = 3
"""Exit status of an ingest that could not read every file."""

UNREAD = 141
"""Exit status when nobody reads the output any more, as a shell gives it for a program that SIGPIPE ends."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with these arguments, or those of the process."""
    prepare_streams()
    try:
        with hear_interrupts_everywhere():
            status = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        status = INTERRUPTED
    if status == INTERRUPTED:
        leave()
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status.

    That is 0, 1 for a failing archive or output, 2 for wrong use, 3 for unread files, 130 after Ctrl-C, and 141 when
    nobody reads the output any more.
    """
    for name in ("ANONYMIZED_TELEMETRY", "GRADIO_ANALYTICS_ENABLED"):
        os.environ[name] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # answers run side by side; in one answer they get in the way
    _log_to_standard_error()
    try:
        options = build_parser().parse_args(arguments)
        settings = Settings.from_environment(os.environ).with_data(options.data)
        return int(_COMMANDS[options.command](settings, options))
    except ReaderGone:
        return UNREAD
    except WrongUse as error:
        _tell("problem", problem=error)
        return 2
    except ArchiveError as error:
        _tell("problem", problem=error)
        return 1
    except KeyboardInterrupt:
        print_line(file=sys.stderr)
        _tell("interrupted")
        return INTERRUPTED


def _log_to_standard_error() -> None:
    """Return the warnings of all, and of the assistant itself what the chat model took for each answer."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines("%(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("assistant").setLevel(logging.INFO)


def _tell(phrase: str, **variables: object) -> None:
    """Print a phrase on standard error."""
    print_line(load_wording("commands")(phrase, **variables), sys.stderr)


def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.cli.output import print_report, with_progress
    from assistant.composition import open_ingest, rehearse_ingest

    if options.watch and (options.json or options.dry_run):
        raise WrongUse(*message("watch_with_others"))
    if options.dry_run:
        report = rehearse_ingest(settings, options.paths, prune=options.prune, progress=with_progress)
    elif options.watch:
        _keep_in_step(settings, options)
    else:
        with open_ingest(settings, rebuild=options.rebuild) as ingest:
            report = ingest.run(options.paths, prune=options.prune, progress=with_progress)
    if options.json:
        print_json(report.json())
    else:
        print_report(report, rehearsal=options.dry_run)
    return 0 if report.complete else INCOMPLETE


def _keep_in_step(settings: Settings, options: argparse.Namespace) -> NoReturn:
    """Read files, and again whenever they change, until Ctrl-C; what goes wrong once may go right the next time.

    In between the archive is closed, so that others may write it.
    """
    from assistant.cli.output import print_report, with_progress
    from assistant.composition import open_embedder, open_ingest
    from ingest.job.watch import listen_for_interrupts, watch_changes

    embedder = open_embedder(settings)
    with listen_for_interrupts() as pressed:
        with open_ingest(settings, rebuild=options.rebuild, embedder=embedder) as ingest:
            print_report(ingest.run(options.paths, prune=True, progress=with_progress))
        _tell("watching")
        for _ in watch_changes(options.paths, settings.data, pressed):
            try:
                with open_ingest(settings, embedder=embedder) as ingest:
                    report = ingest.run(options.paths, prune=True)
            except ArchiveError as error:
                _tell("problem", problem=error)
            else:
                if report.changed:
                    print_report(report)
        raise KeyboardInterrupt


def _reembed(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.cli.output import embedding_progress, print_renewal
    from assistant.composition import open_reembedding

    with open_reembedding(settings) as reembedding:
        renewal = reembedding.run(embedding_progress)
    if options.json:
        print_json(renewal.json())
    else:
        print_renewal(renewal)
    return 0


def _search(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers.serialisation import filters_json, hit_json
    from assistant.composition import open_assistant

    filters = filters_from(options)
    hits = open_assistant(settings.without_chat_model()).search(options.query, options.k, filters)
    if options.json:
        found = [hit_json(number, hit) for number, hit in enumerate(hits, 1)]
        print_json({"query": options.query, "filters": filters_json(filters), "hits": found})
        return 0
    words = load_wording("commands")
    for number, hit in enumerate(hits, 1):
        letter, passage = hit.passage.letter, hit.passage
        place, reference, date = _place(letter.source, passage.page), letter.reference or "-", letter.date or "-"
        print_line(words("hit", number=number, place=place, reference=reference, date=date, voice=passage.voice))
        print_line(f"   {' '.join(passage.text.split())}")
        print_line()
    return 0


def _place(source: str, page: int | None) -> str:
    """Tell in which file something stands, and on which page where that is known."""
    return source + (load_wording("commands")("page", page=page) if page else "")


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers.answer import Answer
    from assistant.answers.serialisation import result_json
    from assistant.composition import open_assistant
    from assistant.quoting.engine import EXTRACTIVE

    result = open_assistant(settings).ask(options.question, filters_from(options))
    if options.json:
        print_json(result_json(result))
        return 0
    print_text(result.text)
    if isinstance(result, Answer):
        print_line()
        words = load_wording("commands")
        for number, citation in enumerate(result.citations, 1):
            print_line(words("citation", number=number, place=_place(citation.letter.source, citation.page)))
    if result.writing:
        _tell_shortcomings(result.writing, "not_written" if result.engine == EXTRACTIVE else "not_all_written")
    return 0


def _tell_shortcomings(writing: Writing, phrase: str) -> None:
    """Tell what did not go as it should when a chat model was asked for an answer.

    Args:
        writing: what came of it.
        phrase: says that it did not succeed.
    """
    if count := len(writing.dropped):
        print_line(load_wording("commands").plural("sentences_dropped", count), sys.stderr)
    if writing.problem:
        _tell(phrase, problem=writing.problem)


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answers.answer import Language
    from assistant.cli.output import print_report, with_progress
    from assistant.composition import open_assistant, open_ingest
    from assistant.web.app import launch
    from assistant.web.door import is_loopback

    if options.ingest:
        with open_ingest(settings) as ingest:
            print_report(ingest.run(options.ingest, progress=with_progress), file=sys.stderr)
    if not is_loopback(options.host):
        _tell("chat_open", host=options.host)
    language = Language(settings.language)
    assistant = open_assistant(settings)
    try:
        _ = assistant.archive
    except ArchiveUnavailable as error:  # it may still come, or come back
        _tell("problem", problem=error)
    launch(assistant, options.host, options.port, language, settings.hosts, ready=_announce)
    return 0


def _announce(address: str) -> None:
    _tell("chat_ready", address=address)


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.cli.catalogue import open_catalogue
    from assistant.cli.output import print_status, status_json
    from assistant.composition import open_assistant

    assistant = open_assistant(settings.without_chat_model())
    if options.manifest:
        from ingest.manifest.table import manifest_csv

        print_file(manifest_csv(assistant.archive.store.letters()))
        return 0
    status = status_json(assistant, settings)
    entries = open_catalogue(assistant.archive) if options.letters else []
    if options.json:
        print_json(status | ({"catalogue": entries} if options.letters else {}))
        return 0
    print_status(status)
    if options.letters:
        from assistant.cli.catalogue import print_catalogue

        print_line()
        print_catalogue(entries)
    return 0


def _forget(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.composition import forget_letters

    forgotten, words = forget_letters(settings, options.sources), load_wording("commands")
    for each in forgotten:
        print_line(words("forgotten", source=each.source))
    for each in forgotten:
        if each.path:
            _tell("forgotten_file_stays", path=each.path)
    return 0


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.cli.output import print_verification
    from assistant.composition import verify_archive

    verification = verify_archive(settings)
    if options.json:
        print_json(verification.json())
    else:
        print_verification(verification)
    return 0 if verification.whole else 1


_COMMANDS = {
    "ingest": _ingest,
    "reembed": _reembed,
    "search": _search,
    "ask": _ask,
    "chat": _chat,
    "status": _status,
    "verify": _verify,
    "forget": _forget,
}
