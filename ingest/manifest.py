"""manifest.csv beside the letters: what a secretary says of them, which outranks what is read."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ingest.manifest_values import BY_COLUMN, COLUMNS, NOTHING, UnusableValue, shown, value_of
from vectorstore.letters import DateBasis, Kind, Letter, Voice

MANIFEST_NAME: Final = "manifest.csv"

_NO_ROW: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says, by file.

    Attributes:
        rows: attributes of `Letter` as written in the cells, by the file's path relative to the manifest's folder.
        lines: in which line each file stands, from 1.
        problems: what could not be used, in Dutch, with the line and what to do.
    """

    rows: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, int]
    problems: tuple[str, ...] = ()

    def row(self, name: str) -> Mapping[str, str]:
        """What it says of a file; nothing for a file that is not in it. Capitals matter only where two files differ in them."""
        found = self._name_of(name)
        return self.rows[found] if found is not None else _NO_ROW

    def inside(self, name: str) -> Mapping[str, Mapping[str, str]]:
        """What it says of files inside a file, by `key_inside` of their paths there."""
        above = f"{key_inside(name)}/"
        return {
            key.removeprefix(above): row
            for path, row in self.rows.items()
            if (key := key_inside(path)).startswith(above)
        }

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """A problem for each row whose file is not among these, in Dutch.

        Args:
            names: paths of all files, relative to the manifest's folder.
        """
        there = {found for name in names if (found := self._name_of(name)) is not None}
        return tuple(
            f"manifest.csv, regel {self.lines[name]}: het bestand “{name}” is er niet. Verbeter de naam of verwijder de regel."
            for name in self.rows
            if name not in there
        )

    def _name_of(self, name: str) -> str | None:
        wanted = _path(name)
        if wanted in self.rows:
            return wanted
        alike = [row for row in self.rows if row.casefold() == wanted.casefold()]
        return alike[0] if len(alike) == 1 else None


def read_manifest(data: bytes) -> Manifest:
    """A manifest from the bytes of its file, in the encodings and with the separators that spreadsheets use.

    What is wrong in it is among its problems; the rest is used.
    """
    rows: dict[str, Mapping[str, str]] = {}
    lines: dict[str, int] = {}
    problems: list[str] = []
    table = _table(data, problems)
    line, header = next(table, (1, []))
    columns = _columns(header, line, problems)
    if "source" not in columns:
        problems.append("manifest.csv: er is geen kolom “bestand”. Zet in de eerste regel de namen van de kolommen.")
        return Manifest({}, {}, tuple(problems))
    for line, cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            problems.append(
                f"manifest.csv, regel {line}: er zijn meer cellen dan kolommen; de regel is overgeslagen. "
                "Zet een waarde met een scheidingsteken erin tussen aanhalingstekens."
            )
            continue
        row = _row(cells, columns, line, problems)
        name = _path(row.pop("source", ""))
        if not name or name in rows:
            wrong = f"“{name}” staat er al" if name else "er staat geen bestand"
            problems.append(
                f"manifest.csv, regel {line}: {wrong}. Deze regel is overgeslagen; verbeter of verwijder hem."
            )
            continue
        rows[name], lines[name] = MappingProxyType(row), line
    return Manifest(MappingProxyType(rows), MappingProxyType(lines), tuple(problems))


def amended(letter: Letter, row: Mapping[str, str]) -> Letter:
    """A letter with what a row of the manifest says of it.

    What the row has the same as was read stays as read, so that a date stated in the letter remains stated; what it says
    there is not, is said by the manifest.

    Args:
        letter: as read.
        row: attributes of `Letter` as written in the cells, "-" for explicitly nothing.
    """
    changes: dict[str, object] = {}
    for attribute, cell in row.items():
        given = value_of(attribute, cell)
        if attribute == "date":
            changes |= _dated(letter, given)
        elif cell == NOTHING or given != getattr(letter, attribute) or (attribute == "voice" and "author" in changes):
            changes[attribute] = given
    names = tuple(name for name in row if name in changes)
    if "voice" not in row and {"author", "kind"} & changes.keys():
        changes["voice"] = _voice(replace(letter, **changes))  # type: ignore[arg-type]
    return replace(letter, **changes, manifest=names) if names else letter  # type: ignore[arg-type]


def _dated(letter: Letter, given: object) -> dict[str, object]:
    """What a date in the manifest changes; one that only confirms what the letter states changes nothing."""
    if not isinstance(given, tuple):
        return {"date": None, "date_basis": DateBasis.UNKNOWN}
    date, precision = given
    same = (date, precision) == (letter.date, letter.date_precision)
    if same and letter.date_basis is DateBasis.STATED:
        return {}
    return {"date": date, "date_precision": precision, "date_basis": DateBasis.MANIFEST}


def _voice(letter: Letter) -> Voice:
    """Who speaks in a letter by default when the manifest says who wrote it or what it is."""
    if letter.kind is Kind.MINUTES:
        return Voice.UNKNOWN
    return letter.voice if letter.kind is Kind.SUMMARY else letter.author


def manifest_csv(letters: Iterable[Letter]) -> str:
    """A manifest of what was read, for a secretary to complete in a spreadsheet; read back, it changes nothing.

    It begins with a byte order mark, by which Excel knows UTF-8. Dates that the letter does not state itself are left
    empty, so that they stay inferred.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for letter in letters:
        writer.writerow([letter.source, *(shown(letter, attribute) for attribute in [*COLUMNS.values()][1:])])
    return "\ufeff" + file.getvalue()


def _table(data: bytes, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of the file, each with the line on which it begins."""
    text = _decoded(data).replace("\0", "")
    marked = re.match(r"sep=(.)\r?\n", text, re.I)
    first = text[marked.end() if marked else 0 :].lstrip("\r\n").partition("\n")[0]
    separator = marked[1] if marked else max(";,\t", key=re.sub(r'"[^"]*"', "", first).count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    line = 1
    try:
        for i, cells in enumerate(rows):
            if any(cells) and not (marked and i == 0):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error:
        problems.append(
            f"manifest.csv, regel {line}: dit kan niet worden gelezen, de rest is overgeslagen. Controleer de aanhalingstekens."
        )


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(header: list[str], line: int, problems: list[str]) -> list[str]:
    """The attribute of each column, empty for one that is not known or stands there twice."""
    columns: list[str] = []
    for name in header:
        attribute = BY_COLUMN.get(re.sub(r"[\s_-]+", " ", name.strip().casefold()), "")
        if name.strip() and (not attribute or attribute in columns):
            wrong = "staat er twee keer" if attribute else "is niet bekend"
            problems.append(
                f"manifest.csv, regel {line}: de kolom “{name.strip()}” {wrong} en is overgeslagen. "
                f"Bekende kolommen zijn: {', '.join(COLUMNS)}."
            )
        columns.append(attribute if attribute not in columns else "")
    return columns


def _row(cells: list[str], columns: list[str], line: int, problems: list[str]) -> dict[str, str]:
    """The cells of a row that say something, by attribute, without those that cannot be used."""
    row: dict[str, str] = {}
    for attribute, cell in zip(columns, cells, strict=False):
        if not attribute or not cell.strip():
            continue
        try:
            if attribute != "source":
                value_of(attribute, cell.strip())
            row[attribute] = cell.strip()
        except UnusableValue as error:
            problems.append(f"manifest.csv, regel {line}: {error} Deze waarde is overgeslagen.")
    return row


def key_inside(name: str) -> str:
    """What a path inside a file is known by: there no two differ in capitals alone."""
    return _path(name).casefold()


def _path(name: str) -> str:
    """A path with forward slashes and composed accents, without "./" in front."""
    return re.sub(r"^(?:\./)+", "", unicodedata.normalize("NFC", name.strip()).replace("\\", "/"))
