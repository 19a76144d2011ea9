"""Words a second at which letters are read: file, letter with who speaks in it, and passages.

python -m tests.bench_reading [folder] [rounds]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest.letter_builder import letter_of, passages_of
from ingest.readers.registry import read_file

_FOLDER = Path("eval/sample/archive")
_SUFFIXES = frozenset({".txt", ".md", ".docx", ".odt", ".rtf"})
"""Files of text; what reading a PDF costs is another library's."""


def read_letters(folder: Path) -> int:
    """Read the letters of a folder as an intake does; return how many words they have."""
    words = 0
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
        blocks = read_file(path.name, path.read_bytes()).blocks
        letter, stretches = letter_of(blocks, identifier=path.stem, source=path.name, sha256="")
        passages_of(letter, stretches, version="1")
        words += len(letter.text.split())
    return words


def main() -> None:
    """Print the words a second of the first round, cold, and of the best that follows."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rates = []
    for _ in range(rounds):
        started = time.process_time()
        words = read_letters(folder)
        rates.append(words / (time.process_time() - started))
    print(f"{words} words: first {rates[0]:.0f}, best {max(rates[1:] or rates):.0f} words a second")


if __name__ == "__main__":
    main()
