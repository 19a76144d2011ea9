"""Outlook mails (.msg) and other OLE files, built by hand after Microsoft's descriptions MS-CFB and MS-OXMSG."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Tree = Mapping[str, "bytes | Tree"]
"""Streams and folders by name."""

_SECTOR, _SMALL_SECTOR, _SMALL = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_FOLDER, _STREAM, _ROOT = 1, 2, 5
_TEXT, _BINARY, _NUMBER, _TIME = 0x001F, 0x0102, 0x0003, 0x0040


def ole(tree: Tree) -> bytes:
    """An OLE file with these streams."""
    entries: list[list[object]] = [["Root Entry", _ROOT, _FREE, _FREE, _FREE, _END, 0]]
    large, small = _Space(_SECTOR), _Space(_SMALL_SECTOR)
    entries[0][4] = _add(tree, entries, large, small)
    entries[0][5:] = [large.store(b"".join(small.sectors)), len(small.sectors) * _SMALL_SECTOR]
    small_table = large.store(struct.pack(f"<{len(small.table)}I", *small.table), b"\xff")
    begin = large.store(b"".join(_entry(*entry) for entry in entries))
    count = 1
    while count * 128 < len(large.table) + count:
        count += 1
    table = [*large.table, *[_FAT] * count]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(count * _SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    used = -(-len(small.table) // 128)
    head += struct.pack("<9I", 0, count, begin, 0, _SMALL, small_table, used, _END, 0)
    head += struct.pack("<109I", *range(len(large.table), len(table)), *[_FREE] * (109 - count))
    return head + b"".join(large.sectors) + fat


class _Space:
    """Sectors of one size, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.sectors: list[bytes] = []
        self.table: list[int] = []

    def store(self, data: bytes, padding: bytes = b"\0") -> int:
        """Put data in sectors; the number of the first."""
        pieces = [data[i : i + self.size].ljust(self.size, padding) for i in range(0, len(data), self.size)]
        first = len(self.sectors)
        self.sectors += pieces
        self.table += [*range(first + 1, first + len(pieces)), _END] if pieces else []
        return first if pieces else _END


def _add(folder: Tree, entries: list[list[object]], large: _Space, small: _Space) -> int:
    """Enter what is in a folder; the number of its first entry."""
    beside = _FREE
    for name, content in sorted(folder.items(), key=lambda item: (len(item[0]), item[0].upper()), reverse=True):
        number = len(entries)
        entries.append([name, _STREAM, _FREE, beside, _FREE, _END, 0])
        if isinstance(content, bytes):
            space = small if len(content) < _SMALL else large
            entries[number][5:] = [space.store(content), len(content)]
        else:
            entries[number][1] = _FOLDER
            entries[number][4] = _add(content, entries, large, small)
        beside = number
    return beside


def _entry(name: str, sort: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(written) + 2, sort, 1, left, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


@dataclass(frozen=True)
class Outlook:
    """A mail as Outlook keeps it.

    Attributes:
        to: names, addresses and role: 1 for addressees, 2 for those who get a copy.
        files: names, bytes, and the number by which HTML shows them.
        inside: mails sent with it.
    """

    subject: str = ""
    body: str = ""
    html: bytes = b""
    sender: tuple[str, str] = ("", "")
    sent: dt.datetime | None = None
    to: Sequence[tuple[str, str, int]] = ()
    files: Sequence[tuple[str, bytes, str]] = ()
    inside: Sequence[Outlook] = field(default=())


def msg(mail: Outlook) -> bytes:
    """An Outlook mail as a file."""
    return ole(_tree(mail, 32))


def _tree(mail: Outlook, header: int) -> Tree:
    values: list[tuple[int, int, bytes]] = [(0x001A, _TEXT, _text("IPM.Note")), (0x0037, _TEXT, _text(mail.subject))]
    values.append((0x1000, _TEXT, _text(mail.body)))
    if mail.html:
        values.append((0x1013, _BINARY, mail.html))
    values += [(0x0C1A, _TEXT, _text(mail.sender[0])), (0x5D01, _TEXT, _text(mail.sender[1]))]
    if mail.sent:
        since = mail.sent - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
        values.append((0x0039, _TIME, struct.pack("<Q", int(since.total_seconds()) * 10_000_000)))
    tree: dict[str, bytes | Tree] = dict(_properties(values, header))
    for i, (name, address, role) in enumerate(mail.to):
        tree[f"__recip_version1.0_#{i:08X}"] = _properties(
            [(0x3001, _TEXT, _text(name)), (0x39FE, _TEXT, _text(address)), (0x0C15, _NUMBER, _number(role))], 8
        )
    for i, (name, data, identifier) in enumerate(mail.files):
        facts = [(0x3705, _NUMBER, _number(1)), (0x3707, _TEXT, _text(name)), (0x3701, _BINARY, data)]
        tree[f"__attach_version1.0_#{i:08X}"] = _properties([*facts, (0x3712, _TEXT, _text(identifier))], 8)
    for i, inner in enumerate(mail.inside, len(mail.files)):
        tree[f"__attach_version1.0_#{i:08X}"] = {
            **_properties([(0x3705, _NUMBER, _number(5)), (0x3001, _TEXT, _text(inner.subject))], 8),
            "__substg1.0_3701000D": _tree(inner, 24),
        }
    return tree


def _properties(values: Sequence[tuple[int, int, bytes]], header: int) -> dict[str, bytes]:
    listed = bytes(header)
    streams: dict[str, bytes] = {}
    for number, kind, value in values:
        small = kind in (_NUMBER, _TIME)
        listed += struct.pack("<HHI", kind, number, 6) + (value if small else struct.pack("<II", len(value), 0)).ljust(
            8, b"\0"
        )
        if not small:
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = value
    return {"__properties_version1.0": listed, **streams}


def _text(value: str) -> bytes:
    return value.encode("utf-16-le")


def _number(value: int) -> bytes:
    return struct.pack("<I", value)
