"""Every letter with what was read of it, what is missing, and how letters hang together: what a secretary checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from ingest.answering import Answered, answers
from ingest.links import LinkKind, Links
from vectorstore.dutch import Analyser
from vectorstore.expansion import Thesaurus
from vectorstore.letters import Kind, Letter, Voice
from vectorstore.store import Store

_WANTED = {"reference": "kenmerk", "date": "datum", "subject": "onderwerp", "kind": "soort", "author": "auteur"}
"""What every letter should have, and its column in the manifest."""

_WITHOUT_REFERENCE = {Kind.MINUTES, Kind.SUMMARY}
"""Documents that have no kenmerk, which is then not missing."""

_KINDS = {
    Kind.ADVICE: "advies",
    Kind.INTERIM_ADVICE: "tussentijds advies",
    Kind.LETTER: "brief",
    Kind.REPLY: "reactie",
    Kind.SUMMARY: "samenvatting",
    Kind.MINUTES: "verslag",
    Kind.OTHER: "ander stuk",
}
_VOICES = {Voice.COUNCIL: "raad", Voice.EXECUTIVE: "college", Voice.OTHER: "ander", Voice.UNKNOWN: "?"}
_BASES = {"inferred": " (afgeleid)", "file": " (bestand)", "manifest": " (manifest)"}
_WIDTH = 140
"""Characters in a line where there is no terminal to ask."""


def catalogue(store: Store, links: Links, analyser: Analyser) -> list[dict[str, Any]]:
    """Every letter of an archive, by date, as plain values.

    Args:
        store: the letters.
        links: in step with the store.
        analyser: of the words of requests and replies.
    """
    letters = store.letters()
    sources = {letter.id: letter.source for letter in letters}
    thesaurus = Thesaurus()
    return [_entry(letter, sources, links, answers(letter, links, store, analyser, thesaurus)) for letter in letters]


def _entry(letter: Letter, sources: Mapping[str, str], links: Links, answered: Sequence[Answered]) -> dict[str, Any]:
    given, received = links.of(letter.id), links.to(letter.id)
    confidence = [sure for sure in letter.confidence if sure is not None]
    return {
        "letter": letter.id,
        "source": letter.source,
        "also": list(letter.also),
        "reference": letter.reference,
        "your_reference": letter.your_reference,
        "date": letter.date.isoformat() if letter.date else None,
        "date_basis": letter.date_basis.value,
        "date_precision": letter.date_precision.value,
        "subject": letter.subject,
        "kind": letter.kind.value,
        "author": letter.author.value,
        "voice": letter.voice.value,
        "sender": letter.sender,
        "addressee": letter.addressee,
        "copies": list(letter.copies),
        "signatories": [asdict(signatory) for signatory in letter.signatories],
        "manifest": list(letter.manifest),
        "confidence": min(confidence) if confidence else None,
        "missing": missing(letter),
        "replies_to": _others(sources, [link.receiver for link in given if link.kind is LinkKind.REPLIES]),
        "replied_by": _others(sources, [link.giver for link in received if link.kind is LinkKind.REPLIES]),
        "quotes": _others(sources, [link.receiver for link in given if link.kind is LinkKind.QUOTES]),
        "unresolved": [letter.text[start:end] for start, end in links.unresolved(letter.id)],
        "requests": [_request(letter, one, sources) for one in answered],
    }


def missing(letter: Letter) -> list[str]:
    """Names, as the manifest has them, of what nothing says of a letter."""
    blank = {None, Kind.OTHER, Voice.UNKNOWN}
    return [
        column
        for name, column in _WANTED.items()
        if getattr(letter, name) in blank and not (name == "reference" and letter.kind in _WITHOUT_REFERENCE)
    ]


def _others(sources: Mapping[str, str], identifiers: Sequence[str]) -> list[str]:
    return sorted({sources[identifier] for identifier in identifiers if identifier in sources})


def _request(letter: Letter, answered: Answered, sources: Mapping[str, str]) -> dict[str, Any]:
    """What is asked, and what the archive has in answer; that it has none does not say that there is none."""
    passage = answered.passage
    return {
        "text": letter.text[answered.request.start : answered.request.end],
        "state": "answer" if passage else "reply" if answered.replies else "no_answer_in_archive",
        "replies": [sources[reply] for reply in answered.replies if reply in sources],
        "source": passage.letter.source if passage else None,
        "passage": passage.text if passage else None,
    }


def print_catalogue(entries: Sequence[Mapping[str, Any]], file: TextIO | None = None) -> None:
    """The letters as a table, a line each, with what is missing at the end."""
    console = Console(file=file, highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, least in {"datum": 10, "kenmerk": 9, "soort": 6, "van": 4, "onderwerp": 20, "bestand": 16}.items():
        table.add_column(name, min_width=least, overflow="fold")
    table.add_column("antwoord", overflow="fold")
    table.add_column("ontbreekt", overflow="fold")
    names = {entry["source"]: entry["reference"] or entry["source"] for entry in entries}
    for entry in entries:
        table.add_row(*_cells(entry, names))
    console.print(table, markup=False)
    print(_summary(entries), file=file)


def _cells(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    length = {"month": 7, "year": 4}.get(entry["date_precision"], 10)
    date = f"{entry['date'][:length]}{_BASES.get(entry['date_basis'], '')}" if entry["date"] else "?"
    answer = [f"op {names[source]}" for source in entry["replies_to"]]
    answer += [f"in {names[source]}" for source in entry["replied_by"]]
    return [
        date,
        entry["reference"] or "-",
        _KINDS[Kind(entry["kind"])],
        _VOICES[Voice(entry["author"])],
        entry["subject"] or "-",
        "\n".join([entry["source"], *(f"= {source}" for source in entry["also"])]),
        "\n".join(answer),
        ", ".join(entry["missing"]),
    ]


def _summary(entries: Sequence[Mapping[str, Any]]) -> str:
    """How much is missing, what was asked, and how to fill in what is missing."""
    requests = [request for entry in entries for request in entry["requests"]]
    open_ones = sum(request["state"] == "no_answer_in_archive" for request in requests)
    incomplete = sum(bool(entry["missing"]) for entry in entries)
    lines = [
        f"{len(entries)} stukken, waarvan {incomplete} waarin iets ontbreekt.",
        f"{len(requests)} verzoeken en vragen gevonden; bij {open_ones} is er geen antwoord in dit archief.",
    ]
    if incomplete:
        lines.append(
            "Aanvullen: bewaar `raadsgeheugen status --manifest > manifest.csv` in de map met de brieven, vul de lege "
            "cellen en lees de map opnieuw in."
        )
    return "\n".join(lines)
