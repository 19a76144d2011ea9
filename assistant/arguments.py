"""The arguments of `raadsgeheugen` and what they mean."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Kind, Voice

DEFAULT_PORT = 7860


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    root = argparse.ArgumentParser(
        prog="raadsgeheugen",
        description="Het geheugen van de raad: antwoorden uit de brieven, elke zin met vindplaats.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="OPDRACHT")
    ingest = _command(commands, "ingest", "lees brieven in (bestanden en mappen)")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PAD")
    ingest.add_argument("--prune", action="store_true", help="verwijder brieven waarvan het bestand weg is")
    ingest.add_argument(
        "--rebuild", action="store_true", help="maak het archief opnieuw als het met iets anders is gemaakt"
    )
    ingest.add_argument("--watch", action="store_true", help="blijf kijken en houd het archief gelijk met de mappen")
    ingest.add_argument("--dry-run", action="store_true", help="toon alleen wat er zou gebeuren")
    ingest.add_argument("--json", action="store_true", help="het verslag als JSON")
    reembed = _command(commands, "reembed", "zet het archief over op het ingestelde model; brieven zijn niet nodig")
    reembed.add_argument("--json", action="store_true", help="het verslag als JSON")
    search = _command(commands, "search", "zoek passages")
    search.add_argument("query", type=_text, metavar="ZOEKVRAAG")
    search.add_argument("--k", type=_positive, default=10, metavar="N", help="hoeveel passages (10)")
    ask = _command(commands, "ask", "stel een vraag")
    ask.add_argument("question", type=_text, metavar="VRAAG")
    for command in (search, ask):
        command.add_argument("--json", action="store_true", help="het antwoord als JSON")
        _add_filters(command)
    chat = _command(commands, "chat", "open de chat in de browser")
    chat.add_argument("--host", default="127.0.0.1", help="adres waarop de chat luistert (127.0.0.1)")
    chat.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"poort ({DEFAULT_PORT})")
    chat.add_argument("--ingest", action="append", type=Path, metavar="PAD", help="lees dit eerst in")
    status = _command(commands, "status", "toon wat het archief bevat")
    status.add_argument(
        "--letters", action="store_true", help="toon van elke brief wat erin gelezen is en wat ontbreekt"
    )
    status.add_argument(
        "--manifest", action="store_true", help="schrijf een manifest.csv met wat er gelezen is, om aan te vullen"
    )
    status.add_argument("--json", action="store_true", help="de stand als JSON")
    return root


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    command.add_argument(
        "--data", type=Path, metavar="MAP", help="map van het archief (RAADSGEHEUGEN_DATA, anders ./data)"
    )
    return command


def _text(argument: str) -> str:
    """Words as typed, without the halves of characters that Python makes of bytes in another encoding than the terminal's."""
    return argument.encode(errors="replace").decode()


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("moet 1 of meer zijn")
    return value


def _add_filters(command: argparse.ArgumentParser) -> None:
    voices = [voice.value for voice in Voice]
    command.add_argument("--author", choices=voices, help="wie de brief schreef")
    command.add_argument("--voice", choices=voices, help="wie er in de passage spreekt")
    command.add_argument("--kind", choices=[kind.value for kind in Kind], help="soort stuk")
    command.add_argument("--from", dest="since", metavar="DATUM", help="vanaf deze dag (2019 of 2019-11-08)")
    command.add_argument("--to", dest="until", metavar="DATUM", help="tot en met deze dag")
    command.add_argument("--letter", type=_text, metavar="KENMERK", help="alleen deze brief")


def filters_from(options: argparse.Namespace) -> Filters:
    """The filters that the arguments name.

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
        raise WrongUse("De periode eindigt voordat zij begint.", "Draai --from en --to om.") from error


def date_from(text: str | None, *, first: bool) -> dt.date | None:
    """A day from "2019-11-08", or the first or last day of the year "2019".

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
        raise WrongUse(f"{text!r} is geen datum.", "Schrijf een jaar (2019) of een dag (2019-11-08).") from None
