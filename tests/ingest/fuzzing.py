"""Files broken in every way, and what reading them does: run in worker processes with bounded memory and time."""

from __future__ import annotations

import copy
import io
import random
import re
import resource
import time
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ingest.readers.registry import read_file
from vectorstore.errors import UnreadableFile

ADDRESS_SPACE = 2_000_000_000
"""Bytes a worker may ask for, libraries and all; what needs more is refused."""

LARGEST = 100_000
"""Bytes of a broken file, or of the broken part in a zipped one."""

_HOSTILE = (
    b"\0" * 64, b"{" * 3000, b"}" * 50, b"(" * 3000, b"<div>" * 2000, b"<blockquote>" * 900, b"[[" * 800, b"> " * 1500,
    b"\\bin2147483647 ", b"\\u99999999 ", b"\\uc2000000000 ", b"&a;" * 50, b"\xff\xfe", b"\xef\xbb\xbf", b"%PDF-1.7",
    b"PK\x03\x04", b"\r\n\r\n", b"--\r\n", b"=?utf-8?q?=ff?=", b"a" * 5000, b"- " * 1000, b"1. " * 800, b"| " * 900,
)  # fmt: skip
_NUMBERS = (b"0", b"-1", b"99999999999", b"2147483647", b"65536", b"1e9", b"")

Mutation = Callable[[bytes, random.Random], bytes]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _lose(data: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:begin] + data[end:]


def _swap(data: bytes, chance: random.Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _double(data: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data))
    piece = data[begin : begin + chance.choice((1, 40, 2000))]
    return data[:begin] + piece * chance.choice((2, 20, 200)) + data[begin:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + chance.choice(_HOSTILE) + data[place:]


def _renumber(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return _flip(data, chance)
    number = chance.choice(found)
    return data[: number.start()] + chance.choice(_NUMBERS) + data[number.end() :]


_MUTATIONS: Sequence[Mutation] = (_flip, _flip, _cut, _lose, _swap, _double, _insert, _renumber, _renumber)


def _regrown(data: bytes, chance: random.Random) -> bytes:
    """XML that is still well-formed, with elements moved, copied, lost or nested in themselves."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return _flip(data, chance)
    elements = [element for element in root.iter() if element.getparent() is not None]
    for _ in range(chance.choice((1, 2, 8)) if elements else 0):
        one, other = chance.choice(elements), chance.choice(elements)
        if chance.random() < 0.3 and one.getparent() is not None:
            one.getparent().remove(one)
        elif chance.random() < 0.6:
            other.insert(0, copy.deepcopy(one))
        else:
            for _ in range(chance.choice((3, 60, 240))):
                nested = etree.SubElement(one, other.tag, dict(other.attrib))
                nested.text, one = "woorden", nested
    return bytes(etree.tostring(root))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file broken by chance; a zipped one is often broken inside and zipped again."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        return _rezipped(data, chance)
    if data.lstrip().startswith(b"<?xml") and chance.random() < 0.5:
        return _regrown(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_MUTATIONS)(data, chance)[:LARGEST] if data else data
    return data


def _rezipped(data: bytes, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        entries = [entry for entry in old.infolist() if entry.file_size]
        likely = [
            entry for entry in entries if re.search(r"document|content|styles|number|rels|mimetype", entry.filename)
        ]
        broken = {chance.choice(likely or entries).filename for _ in range(chance.choice((1, 1, 2)))}
        for entry in entries:
            content = old.read(entry)
            if entry.filename in broken:
                if chance.random() < 0.05:
                    continue
                content = mutated(content, chance)
            new.writestr(entry.filename, content)
    return buffer.getvalue()


@dataclass(frozen=True)
class Outcome:
    """What reading some broken files did.

    Attributes:
        read: files of which something was read.
        refused: files that were refused with a reason.
        failures: what else happened, with the numbers of the inputs.
        slowest: seconds the slowest file took, and its number.
        memory: bytes the worker held at most.
    """

    read: int
    refused: int
    failures: tuple[str, ...]
    slowest: tuple[float, int]
    memory: int


def bound_memory() -> None:
    """Let this process ask for no more than ADDRESS_SPACE, and take every warning as an error."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    warnings.simplefilter("error")


def read_broken(name: str, seed: bytes, numbers: range) -> Outcome:
    """Break a file once for each number and read what is left of it."""
    counts = {"read": 0, "refused": 0}
    failures: list[str] = []
    slowest = (0.0, -1)
    for number in numbers:
        data = mutated(seed, random.Random(f"{name} {number}"))
        began = time.perf_counter()
        try:
            contents = read_file(name, data)
            counts["read"] += 1
            if not contents.blocks and not contents.members:
                failures.append(f"{name} {number}: nothing read, nothing said")
        except UnreadableFile as error:
            counts["refused"] += 1
            if not error.problem or not error.remedy or isinstance(error.__cause__, Warning):
                failures.append(f"{name} {number}: {error!r} from {error.__cause__!r}")
        except BaseException as error:
            failures.append(f"{name} {number}: {error!r}")
        slowest = max(slowest, (time.perf_counter() - began, number))
    memory = _most_held()
    return Outcome(counts["read"], counts["refused"], tuple(failures), slowest, memory)


def _most_held() -> int:
    """Bytes of memory that this process held at most; what the one that started it held counts in `getrusage`."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert peak is not None
    return int(peak[1]) * 1024
