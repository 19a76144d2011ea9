"""The table manifest.csv beside the letters: a secretary's corrections, which override what is read."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ingest.manifest.values import BY_COLUMN, COLUMNS, NOTHING, UnusableValue, format_cell, guard, parse_cell, unguard
from vectorstore.letters import DateBasis, Kind, Letter, Voice

MANIFEST_NAME: Final = "manifest.csv"

_NO_ROW: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of a manifest, by file.

    Attributes:
        rows: attributes of `Letter` as written in the cells, by the file's path relative to the manifest's folder.
        lines: the line of each file, from 1.
        problems: what could not be used, in Dutch, with the line and a remedy.
    """

    rows: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, int]
    problems: tuple[str, ...] = ()

    def row(self, name: str) -> Mapping[str, str]:
        """Return the row of a file, empty if it has none. Case matters only where two files differ in it alone."""
        found = self._name_of(name)
        return self.rows[found] if found is not None else _NO_ROW

    def inside(self, name: str) -> Mapping[str, Mapping[str, str]]:
        """Return the rows of files inside a file, by `key_inside` of their paths there."""
        above = f"{key_inside(name)}/"
        return {
            key.removeprefix(above): row
            for path, row in self.rows.items()
            if (key := key_inside(path)).startswith(above)
        }

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return a problem, in Dutch, for each row whose file is not among these.

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
        alike = [row for row in self.rows if key_inside(row) == key_inside(wanted)]
        return alike[0] if len(alike) == 1 else None


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest from the bytes of its file, in the encodings and with the separators that spreadsheets use.

    Whatever is wrong becomes one of its problems; the rest is used.
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
        name = _path(unguard(row.pop("source", "")))
        if not name or name in rows:
            wrong = f"“{name}” staat er al" if name else "er staat geen bestand"
            problems.append(
                f"manifest.csv, regel {line}: {wrong}. Deze regel is overgeslagen; verbeter of verwijder hem."
            )
            continue
        rows[name], lines[name] = MappingProxyType(row), line
    return Manifest(MappingProxyType(rows), MappingProxyType(lines), tuple(problems))


def amend(letter: Letter, row: Mapping[str, str]) -> Letter:
    """Return a letter with the values of a manifest row.

    A value equal to the one read keeps its origin, so a date stated in the letter remains stated. A value that the row
    declares absent counts as given by the manifest.

    Args:
        letter: as read.
        row: attributes of `Letter` as written in the cells, "-" for explicitly nothing.
    """
    changes: dict[str, object] = {}
    for attribute, cell in row.items():
        given = parse_cell(attribute, cell)
        if attribute == "date":
            changes |= _date_changes(letter, given)
        elif cell == NOTHING or given != getattr(letter, attribute) or (attribute == "voice" and "author" in changes):
            changes[attribute] = given
    names = tuple(name for name in row if name in changes)
    if "voice" not in row and {"author", "kind"} & changes.keys():
        changes["voice"] = _voice(replace(letter, **changes))  # type: ignore[arg-type]
    return replace(letter, **changes, manifest=names) if names else letter  # type: ignore[arg-type]


def _date_changes(letter: Letter, given: object) -> dict[str, object]:
    """Return the changes for a date in the manifest; one that only confirms what the letter states changes nothing."""
    if not isinstance(given, tuple):
        return {"date": None, "date_basis": DateBasis.UNKNOWN}
    date, precision = given
    same = (date, precision) == (letter.date, letter.date_precision)
    if same and letter.date_basis is DateBasis.STATED:
        return {}
    return {"date": date, "date_precision": precision, "date_basis": DateBasis.MANIFEST}


def _voice(letter: Letter) -> Voice:
    """Return who speaks in a letter by default when the manifest gives its author or kind."""
    if letter.kind is Kind.MINUTES:
        return Voice.UNKNOWN
    return letter.voice if letter.kind is Kind.SUMMARY else letter.author


def manifest_csv(letters: Iterable[Letter]) -> str:
    """Return a manifest of what was read, for a secretary to complete in a spreadsheet; read back, it changes nothing.

    It begins with a byte order mark, by which Excel knows UTF-8. Dates that the letter does not state itself are left
    empty, so that they stay inferred.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for letter in letters:
        writer.writerow(
            [guard(letter.source), *(format_cell(letter, attribute) for attribute in [*COLUMNS.values()][1:])]
        )
    return "\ufeff" + file.getvalue()


def _table(data: bytes, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the file, each with the line on which it begins."""
    text = _decode(data).replace("\0", "")
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


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(header: list[str], line: int, problems: list[str]) -> list[str]:
    """Return the attribute of each column, empty if unknown or repeated."""
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
    """Return the non-empty cells of a row, by attribute, without those that cannot be used."""
    row: dict[str, str] = {}
    for attribute, cell in zip(columns, cells, strict=False):
        if not attribute or not cell.strip():
            continue
        try:
            if attribute != "source":
                parse_cell(attribute, cell.strip())
            row[attribute] = cell.strip()
        except UnusableValue as error:
            problems.append(f"manifest.csv, regel {line}: {error} Deze waarde is overgeslagen.")
    return row


def key_inside(name: str) -> str:
    """Return the key of a path inside a file, where no two paths differ in case alone."""
    return _path(name.strip()).casefold()


def _path(name: str) -> str:
    """Return a path with forward slashes and composed accents, without a leading "./"."""
    return re.sub(r"^(?:\./)+", "", unicodedata.normalize("NFC", name).replace("\\", "/"))


Rows = Mapping[str, Mapping[str, str]]
"""The rows about a file and those inside it, by `key_inside` of the path; "" is the file itself."""
