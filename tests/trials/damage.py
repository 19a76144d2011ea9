"""Damage to each file of an archive: what is said of it, whether an answer is wrong without a word, what mends it.

An archive is damaged, read by every command that reads, mended by the one command that a message names, and then given
one more letter, as an archive goes on being used.
"""

from __future__ import annotations

import random
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.trials.letters import questions, write
from tests.trials.program import Commands, Program, Ran
from tests.trials.readings import answer_of, differences, read

ASKED: Final = 3
WAYS: Final = ("missing", "empty", "cut", "flipped", "rubbish")
VERIFY: Final = "verify"
EXPONENT: Final = "flipped in an exponent"
THOROUGH: Final = ("flipped at the start", "flipped at the end", EXPONENT)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{12,}|(?<![a-z])[0-9]+(?![a-z])")
_COMMAND = re.compile(r"`raadsgeheugen ([^`]+)`")


@dataclass(frozen=True)
class Whole:
    """An archive that is whole, and what it says.

    Attributes:
        letters: folder of its letters.
        data: of the archive.
        said: what each command that reads printed.
        longer: a folder with one letter more.
        after: what the archive holds with that letter too.
    """

    letters: Path
    data: Path
    said: dict[str, Any]
    longer: Path
    after: Any


@dataclass
class Row:
    """A file that was damaged, and what came of it.

    Attributes:
        kind: of file; files that are alike are of one kind.
        file: within the archive.
        way: in which it was damaged.
        said: the last lines on standard error while it was read, each once.
        equal: all that was answered was as before.
        mended: the command that was run because a message named it.
        verified: what came of the command that verifies, where there is one.
        faults: what should not have happened.
    """

    kind: str
    file: str
    way: str
    said: list[str] = field(default_factory=list)
    equal: bool = True
    mended: str = ""
    verified: str = "-"
    faults: list[str] = field(default_factory=list)


def prepare(program: Program, commands: Commands, folder: Path, letters: int) -> Whole:
    """Make an archive to damage; it has been asked something, as any archive has."""
    place, data = write(folder / "brieven", range(letters)), folder / "archief"
    longer, extended = folder / "erbij", folder / "aangevuld"
    _ingest(program, place, data)
    said = {name: _comparable(name, ran) for name, ran in _readings(commands, data)}
    write(longer, [letters])
    shutil.copytree(data, extended)
    _ingest(program, longer, extended)
    return Whole(place, data, said, longer, read(commands.run, extended, questions(ASKED)))


def _ingest(program: Program, letters: Path, data: Path) -> None:
    ran = program.run("ingest", letters, "--data", data)
    assert ran.code == 0, str(ran)


def _readings(commands: Commands, data: Path) -> Iterator[tuple[str, Ran]]:
    """Run every command that reads; the one that verifies where there is one."""
    for name in (*(f"ask {question}" for question in questions(ASKED)), "search", "status", "status --letters", VERIFY):
        ran = _run_reading(commands, name, data)
        if "invalid choice" not in ran.err:
            yield name, ran


def _run_reading(commands: Commands, name: str, data: Path) -> Ran:
    command, _, question = name.partition(" ")
    arguments = {"ask": ["ask", question], "search": ["search", "wachttijd spreekuur"]}.get(command, name.split())
    return commands.run(*arguments, "--json", "--data", data)


def _comparable(name: str, ran: Ran) -> Any:
    """Return what a command printed, without what may differ; None when it printed nothing that can be read."""
    try:
        answer = answer_of(ran)
    except ValueError:
        return None
    if name == "status":
        return {key: answer[key] for key in ("letters", "passages", "years", "unreadable")}
    if name == "status --letters":
        return answer["catalogue"]
    if name == VERIFY:
        return None
    return answer


def files_of(data: Path) -> list[str]:
    """Return the files of an archive."""
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file())


def kind_of(file: str) -> str:
    """Return the name of a file without what tells it from others that are alike."""
    return _HASH.sub("*", _UUID.sub("*", file))


def cases(
    data: Path, chosen: random.Random, *, most: int | None = None, thorough: bool = True
) -> list[tuple[str, str]]:
    """Return the files to damage, and the way of each.

    Args:
        data: of the archive.
        chosen: chooses among files that are alike.
        most: of these; None for all.
        thorough: flip a byte near the start and near the end as well, and one that makes a number in a vector very large.
    """
    kinds: dict[str, list[str]] = {}
    for file in files_of(data):
        kinds.setdefault(kind_of(file), []).append(file)
    ways = [*WAYS, *(THOROUGH if thorough else ())]
    return [
        (file, way)
        for alike in kinds.values()
        for file in (alike if most is None or len(alike) <= most else sorted(chosen.sample(alike, most)))
        for way in ways
        if way in ("missing", "rubbish") or (data / file).stat().st_size
    ]


def damage(path: Path, way: str, chosen: random.Random) -> None:
    """Damage a file in a way."""
    if way == "missing":
        path.unlink()
        return
    held = bytearray(path.read_bytes())
    size = len(held)
    if way == EXPONENT:
        held[min(chosen.randrange(max(size // 4, 1)) * 4 + 3, size - 1)] ^= 0x40
    elif way.startswith("flipped"):
        near = {"flipped": size // 2, "flipped at the start": 0}.get(way, size - min(size, 64))
        held[min(near + chosen.randrange(64), size - 1)] ^= 1 << chosen.randrange(8)
    elif way == "cut":
        del held[size // 2 :]
    elif way == "empty":
        held.clear()
    else:
        held = bytearray(chosen.randbytes(size or 64))
    path.write_bytes(held)


def try_damage(
    program: Program, commands: Commands, whole: Whole, case: tuple[str, str], chosen: random.Random, folder: Path
) -> Row:
    """Damage a file of a copy of an archive, read it, mend it, and go on with it."""
    file, way = case
    row, data = Row(kind_of(file), file, way), folder / "beschadigd"
    shutil.copytree(whole.data, data)
    try:
        damage(data / file, way, chosen)
        _read_damaged(row, commands, whole, data, chosen)
        if not row.equal and not row.mended and not _mended_itself(row, commands, whole, data, chosen):
            row.faults.append("no command is named")
        _go_on(row, program, commands, whole, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return row


def _read_damaged(row: Row, commands: Commands, whole: Whole, data: Path, chosen: random.Random) -> None:
    """Run every command that reads, in any order, and note what it says and what is wrong with that."""
    names = list(whole.said)
    for name in chosen.sample(names, len(names)):
        ran = _run_reading(commands, name, data)
        equal = name == VERIFY or _comparable(name, ran) == whole.said[name]
        row.equal &= equal
        if ran.crashed:
            row.faults.append(f"{name}: {ran}")
        elif not equal and not ran.told:
            row.faults.append(f"{name}: differs without a word")
        if name == VERIFY:
            row.verified = "passes" if ran.code == 0 else "finds it"
        _note(row, ran)


def _mended_itself(row: Row, commands: Commands, whole: Whole, data: Path, chosen: random.Random) -> bool:
    """Read once more: what was told at first may be mended by now."""
    again = Row(row.kind, row.file, row.way)
    _read_damaged(again, commands, whole, data, chosen)
    row.faults += again.faults
    return again.equal


def _note(row: Row, ran: Ran) -> None:
    """Note what was said, and the first command that is named to mend it."""
    if ran.told and ran.told not in row.said:
        row.said.append(ran.told)
    named = _COMMAND.search(ran.err + (ran.out if ran.code else ""))
    if named and not row.mended:
        row.mended = named[1]


def _go_on(row: Row, program: Program, commands: Commands, whole: Whole, data: Path) -> None:
    """Run the command that was named, and read in one more letter; what is answered then must be right."""
    if row.mended and (ran := _run_named(program, row.mended, whole, data)).code != 0:
        row.faults.append(f"{row.mended}: {ran}")
    more = program.run("ingest", whole.longer, "--data", data)
    if more.code != 0 and not row.mended:
        _note(row, more)
        if row.mended:
            ran = _run_named(program, row.mended, whole, data)
            if ran.code != 0:
                row.faults.append(f"{row.mended}: {ran}")
            more = program.run("ingest", whole.longer, "--data", data)
    if more.code != 0 or more.crashed:
        row.faults.append(f"ingest of one more: {more}")
    try:
        row.faults += differences(read(commands.run, data, whole.after.answers), whole.after)[:2]
    except AssertionError as error:
        row.faults.append(f"afterwards: {error}")


def _run_named(program: Program, command: str, whole: Whole, data: Path) -> Ran:
    """Run a command as a message names it, with the folder of the letters in the place of MAP."""
    words = [str(whole.letters) if word in ("MAP", "MAP…", "BRIEVEN") else word for word in shlex.split(command)]
    if "--data" in words:
        at = words.index("--data")
        del words[at : at + 2]
    return program.run(*words, "--data", data)


def table_of(rows: Iterable[Row]) -> Sequence[Sequence[object]]:
    """Return what is to be printed: rows of a kind together, ways that came to the same in one."""
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = (
            row.kind,
            " / ".join(row.said)[:200],
            "yes" if row.equal else "no",
            row.verified,
            row.mended,
            _faults_of(row),
        )
        grouped.setdefault(key, []).append(row)
    ordered = sorted(grouped.items(), key=lambda item: item[0][0])
    return [
        [
            kind,
            ", ".join(dict.fromkeys(row.way for row in own)),
            said or "-",
            equal,
            verified,
            mended or "-",
            faults or "-",
        ]
        for (kind, said, equal, verified, mended, faults), own in ordered
    ]


def _faults_of(row: Row) -> str:
    return "; ".join(dict.fromkeys(row.faults))[:200]
