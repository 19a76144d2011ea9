"""The training sources: laws, aligned sentences, a dictionary and the glossaries of the field."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOMAIN_FILES = ("glossary.tsv", "synonyms.tsv", "abbreviations.tsv")

_MARKUP = re.compile(r"[*_|#]+|\s+")
_HEADING = re.compile(r"^\s*(#{2,6})\s*(.*)$")
_NUMBERED = re.compile(
    r"^(artikel|art\.?|hoofdstuk|paragraaf|§|afdeling|titel|bijlage)\b[\s\d.:a-z]{0,12}$", re.IGNORECASE
)
_ENTRY = re.compile(
    r"^(?P<head>[^{(:]+?)\s*(?:\{[^}]*\}\s*)?(?:\((?P<gloss>.*)\)\s*)?"
    r"(?:SEE: (?P<see>.*?)\s*)?::(?P<rest>.*)$"
)
_BRACES = re.compile(r"\{[^}]*\}|\[[^]]*\]|\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law: its place and its text. ``heading`` may be empty."""

    title: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """One sense of an English word: its gloss (may be empty) and its Dutch translations (at least one)."""

    english: str
    gloss: str
    dutch: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """All training sources. ``sentences`` are (English, Dutch); ``domain`` are terms that mean the same."""

    laws: tuple[tuple[Article, ...], ...]
    sentences: tuple[tuple[str, str], ...]
    entries: tuple[DictionaryEntry, ...]
    domain: tuple[tuple[str, str], ...]


def _clean(line: str) -> str:
    return _MARKUP.sub(" ", line).strip()


def articles_of(markdown: str) -> Iterator[Article]:
    """Cut one law in markdown into its articles; an article without running text is left out."""
    title, heading, lines = "", "", list[str]()

    def finish() -> Iterator[Article]:
        text = "\n".join(lines)
        if len(text) > 80:
            yield Article(title, heading, text)

    for line in markdown.splitlines():
        match = _HEADING.match(line)
        if match is None:
            if cleaned := _clean(line):
                lines.append(cleaned)
            continue
        level, name = len(match[1]), _clean(match[2])
        if level > 3 and not lines:
            heading = name
            continue
        yield from finish()
        lines = []
        if level == 2:
            title = name
        heading = "" if _NUMBERED.match(name) or level == 2 else name
    yield from finish()


def read_laws(path: Path, limit: int | None = None) -> Iterator[tuple[Article, ...]]:
    """Read the articles of each law from a file of ``{"path", "text"}`` lines, xz-compressed."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            if articles := tuple(articles_of(json.loads(line)["text"])):
                yield articles


def _terms(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(term for part in _BRACES.sub(" ", cell).split(separator) if (term := " ".join(part.split())))


def read_dictionary(path: Path) -> tuple[DictionaryEntry, ...]:
    """Read the entries of a Wiktionary extract; a bare cross-reference takes the translations of the word it names."""
    direct, references = list[DictionaryEntry](), list[tuple[str, str, str]]()
    for line in path.read_text(encoding="utf-8").splitlines():
        match = None if line.startswith("#") else _ENTRY.match(line)
        if match is None:
            continue
        head, gloss, dutch = match["head"].strip(), match["gloss"] or "", _terms(match["rest"], ",")
        if dutch:
            direct.append(DictionaryEntry(head, gloss, dutch))
        elif match["see"]:
            references.append((head, gloss, match["see"].strip()))
    known = dict[str, tuple[str, ...]]()
    for entry in direct:
        known[entry.english] = known.get(entry.english, ()) + entry.dutch
    referred = (DictionaryEntry(head, gloss, known[see][:4]) for head, gloss, see in references if see in known)
    return tuple(direct) + tuple(referred)


def read_domain(folder: Path) -> tuple[tuple[str, str], ...]:
    """Read pairs from the tables of the field, alternatives between ``|``; a missing table is skipped."""
    pairs = list[tuple[str, str]]()
    for name in DOMAIN_FILES:
        if not (folder / name).is_file():
            continue
        rows = [row.split("\t") for row in (folder / name).read_text(encoding="utf-8").splitlines()]
        for row in (row for row in rows[1:] if len(row) >= 2 and not row[0].startswith("#")):
            pairs += [(left, right) for left in _terms(row[0], "|") for right in _terms(row[1], "|")]
    return tuple(pairs)


def read_sources(data: Path, domain: Path, law_limit: int | None = None) -> Sources:
    """Read ``data/train`` and the tables in ``domain``. ``law_limit`` keeps the first laws (for trials)."""
    train = data / "train"
    english = (train / "tatoeba.eng").read_text(encoding="utf-8").splitlines()
    dutch = (train / "tatoeba.nld").read_text(encoding="utf-8").splitlines()
    return Sources(
        laws=tuple(read_laws(train / "laws.jsonl.xz", law_limit)),
        sentences=tuple(zip(english, dutch, strict=True)),
        entries=read_dictionary(train / "wiktionary_en-nl.txt"),
        domain=read_domain(domain),
    )
