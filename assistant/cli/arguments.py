"""The arguments of `raadsgeheugen` and what they mean."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any, NoReturn

from assistant.cli.terminal import disarm, print_text
from prompts.wording import Wording, load_wording, message
from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Kind, Voice

DEFAULT_PORT = 7860


class _Parser(argparse.ArgumentParser):
    """A parser that prints as the commands do: an argument may be a name that a folder of letters gave the shell."""

    def error(self, message: str) -> NoReturn:
        super().error(disarm(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        print_text(message, file, end="")


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of every command."""
    words = load_wording("commands")
    root = _Parser(prog="raadsgeheugen", description=words["description"])
    commands = root.add_subparsers(dest="command", required=True, metavar=words["command"])
    _add_ingest(_add_command(commands, "ingest", words), words)
    reembed = _add_command(commands, "reembed", words)
    reembed.add_argument("--json", action="store_true", help=words["report_json"])
    search = _add_command(commands, "search", words)
    search.add_argument("query", type=_text, metavar=words["value_query"])
    search.add_argument("--k", type=_positive, default=10, metavar=words["value_count"], help=words["search_k"])
    ask = _add_command(commands, "ask", words)
    ask.add_argument("question", type=_text, metavar=words["value_question"])
    for command in (search, ask):
        command.add_argument("--json", action="store_true", help=words["answer_json"])
        _add_filters(command, words)
    chat = _add_command(commands, "chat", words)
    chat.add_argument("--host", default="127.0.0.1", help=words["chat_host"])
    chat.add_argument("--port", type=int, default=DEFAULT_PORT, help=words("chat_port", port=DEFAULT_PORT))
    chat.add_argument("--ingest", action="append", type=Path, metavar=words["value_path"], help=words["chat_ingest"])
    status = _add_command(commands, "status", words)
    for option in ("letters", "manifest", "json"):
        status.add_argument(f"--{option}", action="store_true", help=words[f"status_{option}"])
    verify = _add_command(commands, "verify", words)
    verify.add_argument("--json", action="store_true", help=words["report_json"])
    forget = _add_command(commands, "forget", words)
    forget.add_argument("sources", nargs="+", type=_text, metavar=words["value_source"], help=words["forget_sources"])
    return root


def _add_command(commands: argparse._SubParsersAction[_Parser], name: str, words: Wording) -> argparse.ArgumentParser:
    text = words[f"{name}_help"]
    command = commands.add_parser(
        name, help=text, description=words("command_description", help=text[0].upper() + text[1:])
    )
    command.add_argument("--data", type=Path, metavar=words["value_folder"], help=words["data"])
    return command


def _add_ingest(ingest: argparse.ArgumentParser, words: Wording) -> None:
    ingest.add_argument("paths", nargs="+", type=Path, metavar=words["value_path"])
    for option in ("prune", "rebuild", "watch", "dry-run"):
        ingest.add_argument(f"--{option}", action="store_true", help=words[f"ingest_{option.replace('-', '_')}"])
    ingest.add_argument("--json", action="store_true", help=words["report_json"])


def _text(argument: str) -> str:
    """Replace the halves of characters that Python makes of bytes in another encoding than the terminal's."""
    return argument.encode(errors="replace").decode()


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(load_wording("commands")["not_positive"])
    return value


def _add_filters(command: argparse.ArgumentParser, words: Wording) -> None:
    voices, date = [voice.value for voice in Voice], words["value_date"]
    command.add_argument("--author", choices=voices, help=words["filter_author"])
    command.add_argument("--voice", choices=voices, help=words["filter_voice"])
    command.add_argument("--kind", choices=[kind.value for kind in Kind], help=words["filter_kind"])
    command.add_argument("--from", dest="since", metavar=date, help=words["filter_since"])
    command.add_argument("--to", dest="until", metavar=date, help=words["filter_until"])
    command.add_argument("--letter", type=_text, metavar=words["value_reference"], help=words["filter_letter"])


def filters_from(options: argparse.Namespace) -> Filters:
    """Read the filters from the arguments.

    Raises:
        WrongUse: a date cannot be read, or the period ends before it begins.
    """
    since, until = date_from(options.since, first=True), date_from(options.until, first=False)
    try:
        return Filters(
            Voice(options.author) if options.author else None,
            Voice(options.voice) if options.voice else None,
            Kind(options.kind) if options.kind else None,
            since,
            until,
            options.letter,
        )
    except ValueError as error:
        raise WrongUse(*message("period_reversed")) from error


def date_from(text: str | None, *, first: bool) -> dt.date | None:
    """Read a day from "2019-11-08", or the first or last day of the year "2019".

    Raises:
        WrongUse: it is neither.
    """
    if text is None:
        return None
    try:
        if len(text) == 4 and text.isdigit():
            return dt.date(int(text), 1, 1) if first else dt.date(int(text), 12, 31)
        return dt.date.fromisoformat(text)
    except ValueError:
        raise WrongUse(*message("not_a_date", value=repr(text))) from None
