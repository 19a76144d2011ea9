"""Every letter with what was read of it, what is missing, and how letters hang together: what a secretary checks."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from assistant.cli.terminal import disarm, print_text
from ingest.links.graph import LinkKind, Links
from ingest.requests.answers import AnsweredRequest, find_answers
from prompts.wording import Wording, load_wording
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Thesaurus
from vectorstore.letters import Kind, Letter, Voice
from vectorstore.search import Archive
from vectorstore.store.source import LetterSource

_WANTED = {"reference": "kenmerk", "date": "datum", "subject": "onderwerp", "kind": "soort", "author": "auteur"}
"""Attributes that every letter should have, and the column of each in the manifest."""

_WITHOUT_REFERENCE = {Kind.MINUTES, Kind.SUMMARY}
"""Documents that have no kenmerk, which is then not missing."""

_COLUMNS = {
    "date": 10,
    "reference": 9,
    "kind": 6,
    "author": 4,
    "subject": 20,
    "file": 16,
    "answer": None,
    "missing": None,
}
"""Columns of the table, and how many characters each has at least."""

_WIDTH = 140
"""Characters in a line where there is no terminal to ask."""


def catalogue(store: LetterSource, links: Links, analyser: Analyser) -> list[dict[str, Any]]:
    """Return every letter of an archive, by date, as plain values.

    Args:
        store: the letters.
        links: in step with the store.
        analyser: of the words of requests and replies.
    """
    letters = store.letters()
    sources = {letter.id: letter.source for letter in letters}
    thesaurus = Thesaurus()
    return [
        _entry(letter, sources, links, find_answers(letter, links, store, analyser, thesaurus)) for letter in letters
    ]


def _entry(
    letter: Letter, sources: Mapping[str, str], links: Links, answered: Sequence[AnsweredRequest]
) -> dict[str, Any]:
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
    """Name, as the manifest does, what nothing says of a letter."""
    blank = {None, Kind.OTHER, Voice.UNKNOWN}
    return [
        column
        for name, column in _WANTED.items()
        if getattr(letter, name) in blank and not (name == "reference" and letter.kind in _WITHOUT_REFERENCE)
    ]


def _others(sources: Mapping[str, str], identifiers: Sequence[str]) -> list[str]:
    return sorted({sources[identifier] for identifier in identifiers if identifier in sources})


def _request(letter: Letter, answered: AnsweredRequest, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return what is asked, and what the archive has in answer; that it has none does not say that there is none."""
    passage = answered.passage
    return {
        "text": letter.text[answered.request.start : answered.request.end],
        "state": "answer" if passage else "reply" if answered.replies else "no_answer_in_archive",
        "replies": [sources[reply] for reply in answered.replies if reply in sources],
        "source": passage.letter.source if passage else None,
        "passage": passage.text if passage else None,
    }


def print_catalogue(entries: Sequence[Mapping[str, Any]], file: TextIO | None = None) -> None:
    """Print the letters as a table, a line each, with what is missing at the end."""
    console = Console(file=file, color_system=None, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    table = Table(box=None, pad_edge=False)
    words = load_wording("commands")
    for name, least in _COLUMNS.items():
        table.add_column(words[f"column_{name}"], min_width=least, overflow="fold")
    names = {entry["source"]: disarm(entry["reference"] or entry["source"]) for entry in entries}
    for entry in entries:
        table.add_row(*_cells(entry, names, words))
    with console.capture() as drawn:
        console.print(table)
    print_text(drawn.get() + _summarise(entries, words), file)


def _cells(entry: Mapping[str, Any], names: Mapping[str, str], words: Wording) -> list[str]:
    length = {"month": 7, "year": 4}.get(entry["date_precision"], 10)
    date, basis = (entry["date"] or "?")[:length], f"basis_{entry['date_basis']}"
    answer = [words(way, letter=names[source]) for way in ("replies_to", "replied_by") for source in entry[way]]
    return [
        words(basis, date=date) if basis in words else date,
        disarm(entry["reference"] or "-"),
        words[f"kind_{entry['kind']}"],
        words[f"voice_{entry['author']}"],
        disarm(entry["subject"] or "-"),
        "\n".join([disarm(entry["source"]), *(f"= {disarm(source)}" for source in entry["also"])]),
        "\n".join(answer),
        ", ".join(entry["missing"]),
    ]


def _summarise(entries: Sequence[Mapping[str, Any]], words: Wording) -> str:
    """Tell how much is missing, what was asked, and how to fill in what is missing."""
    requests = [request for entry in entries for request in entry["requests"]]
    unanswered = sum(request["state"] == "no_answer_in_archive" for request in requests)
    incomplete = sum(bool(entry["missing"]) for entry in entries)
    lines = [
        words("catalogue_letters", count=len(entries), incomplete=incomplete),
        words("catalogue_requests", count=len(requests), open=unanswered),
    ]
    if incomplete:
        lines.append(words["catalogue_complete"])
    return "\n".join(lines)


def open_catalogue(archive: Archive) -> list[dict[str, Any]]:
    """Return what was read of each letter of an archive, and how the letters hang together."""
    with contextlib.closing(Links.of_letters(archive.store)) as links:
        return catalogue(archive.store, links, archive.analyser)
