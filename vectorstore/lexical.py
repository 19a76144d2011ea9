"""Dutch BM25 over passages and over whole letters, derived from the store. The one module that imports tantivy.

A passage is worth more in a letter that is about what is asked, so the score of its letter is added to its own. Letters
have an index apart, because their lengths and frequencies are others.

The indexes can be thrown away at any moment. Each remembers which version of each letter it holds, in the same commit as
its rows, and `catch_up` makes them equal to the store again by that. A folder that is damaged is made anew; where the
folder cannot be written, or another process keeps it too long, the indexes are made in memory.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from vectorstore.dutch import VERSION, Analyser
from vectorstore.expansion import Alternative, Concept
from vectorstore.letters import Filters, Passage
from vectorstore.store import Store, day_number, voices_in

_FORMAT = "2"
_HEAP_BYTES = 64_000_000
_LOCK_SECONDS = 30.0
"""How long another process may be at the same work before we do it ourselves, in memory."""

_BATCH_LETTERS = 200

_LETTERS_FOUND = 100
"""Letters whose own score counts for their passages."""

_GRAMS_ASKED = 20
"""Character n-grams of a question that are searched for, the rarest ones; the others stand in most passages."""

_ANALYSED = ("words", "parts", "grams", "context")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a match in each field is worth, tuned by `python -m eval tune`.

    Attributes:
        words: the stem itself.
        parts: the stem as part of a compound of the letter.
        grams: all character n-grams of the question together.
        context: the stem in subject, heading, reference, sender or date.
        tie: how much of the other alternatives counts beside the best.
        letter: the score of the whole letter beside that of the passage.
    """

    words: float = 1.0
    parts: float = 0.6
    grams: float = 0.12
    context: float = 1.0
    tie: float = 0.1
    letter: float = 1.5


def context_of(passage: Passage) -> str:
    """What a passage means nothing without: kind, reference, sender, addressee, date, subject and heading."""
    letter = passage.letter
    date = letter.date.strftime("%Y %m %d") if letter.date else ""
    fields = (letter.reference, letter.subject, passage.heading, letter.sender, letter.addressee, date)
    return "\n".join(field for field in fields if field)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "letter", "version"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("row", "author", "kind", "voice", "place"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _ANALYSED:
        builder.add_text_field(name, tokenizer_name="analysed", index_option="freq")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    return builder.build()


class DamagedIndex(Exception):
    """The index cannot be read; `LexicalIndex.start_over` and `catch_up` make it whole."""


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn the errors and panics that a damaged or unwritable index gives into ours."""
    try:
        yield
    except (ValueError, OSError, KeyError) as error:
        raise DamagedIndex(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedIndex(str(error)) from error


def _whole(letter: str, version: str, passages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The fields of a letter from those of its passages: all their words, whatever is said of each once."""
    whole: dict[str, Any] = {"row": "letter", "letter": letter, "version": version}
    for fields in passages:
        whole |= {name: fields[name] for name in ("author", "kind", "place", "first_day", "last_day") if name in fields}
        whole["voice"] = sorted({*whole.get("voice", ()), *fields["voice"]})
    for name in ("words", "parts", "grams"):
        whole[name] = " ".join(fields[name] for fields in passages)
    return whole


def _found(
    index: tantivy.Index, clauses: list[tuple[tantivy.Occur, tantivy.Query]], count: int, name: str
) -> dict[str, float]:
    """Scores of the rows that fit best, by a stored field, best first."""
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(clauses), limit=count, count=False).hits
    scored = [(str(searcher.doc(address)[name][0]), score) for score, address in hits]
    return dict(sorted(scored, key=lambda pair: (-pair[1], pair[0])))


class LexicalIndex:
    """BM25 over the passages of a store.

    Args:
        folder: where the index is kept; None keeps it in memory.
        analyser: gives the terms.
        weights: what each field is worth.
        patience: seconds to wait for another process that is writing the index.
    """

    def __init__(
        self,
        folder: Path | None,
        analyser: Analyser,
        weights: Weights = Weights(),
        patience: float = _LOCK_SECONDS,
    ) -> None:
        self._analyser = analyser
        self._weights = weights
        self._patience = patience
        self._schema = _schema()
        self._context = lru_cache(maxsize=1000)(self._context_terms)
        self._folder = folder / f"{VERSION}-{_FORMAT}" if folder else None
        try:
            self._open()
        except DamagedIndex:
            self.start_over()

    @property
    def in_memory(self) -> bool:
        """Whether the index is kept in memory, and so is gone when the program ends."""
        return self._folder is None

    def start_over(self) -> None:
        """Throw the index away, and keep it in memory from now on when its folder cannot be written."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._open()
        except DamagedIndex:
            self._to_memory()

    def _to_memory(self) -> None:
        self._folder = None
        self._open()

    def _open(self) -> None:
        with _translated():
            self._index = self._open_index(self._folder)
            self._letters = self._open_index(self._folder / "letters" if self._folder else None)
        self._versions = self._read_versions()

    def _open_index(self, folder: Path | None) -> tantivy.Index:
        if folder is None:
            index = tantivy.Index(self._schema)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("analysed", whitespace)
        return index

    def _commit_seen(self) -> int | None:
        """When the folder was last committed to, in nanoseconds; None in memory or when there was no commit."""
        try:
            return (self._folder / "meta.json").stat().st_mtime_ns if self._folder else None
        except OSError:
            return None

    def _read_versions(self) -> dict[str, str]:
        """The version of each letter, by letter id; empty where a writer that was killed left the indexes unequal."""
        with _translated():
            self._seen = self._commit_seen()
            passages, letters = self._rows(self._index), self._rows(self._letters)
        return {
            letter: passages[letter] if passages.get(letter) == letters.get(letter) else ""
            for letter in passages.keys() | letters.keys()
        }

    def _rows(self, index: tantivy.Index) -> dict[str, str]:
        """The version of each letter that an index has a row for, by letter id."""
        index.reload()
        searcher = index.searcher()
        marker = tantivy.Query.term_query(self._schema, "row", "letter", index_option="basic")
        hits = searcher.search(marker, limit=max(1, searcher.num_docs)).hits
        rows = [searcher.doc(address) for _, address in hits]
        return {str(row["letter"][0]): str(row["version"][0]) for row in rows}

    @property
    def versions(self) -> dict[str, str]:
        """The version of each letter in the index, by letter id."""
        return dict(self._versions)

    def catch_up(self, store: Store) -> int:
        """Make the index equal to the store; returns how many letters were added, replaced or removed."""
        for mend in (self.start_over, self._to_memory):
            try:
                return self._catch_up(store)
            except DamagedIndex:
                mend()
        return self._catch_up(store)

    def _catch_up(self, store: Store) -> int:
        if self._folder is not None and not self._folder.exists():
            self._open()
        wanted = store.versions()
        if self._versions != wanted and self._seen != self._commit_seen():
            self._versions = self._read_versions()
        if self._versions == wanted:
            return 0
        writers = self._writers()
        if writers is None:
            self._to_memory()
            return self._catch_up(store)
        changed = [letter for letter, version in wanted.items() if self._versions.get(letter) != version]
        gone = [letter for letter in self._versions if letter not in wanted]
        with _translated():
            for writer in writers:
                for letter in (*gone, *changed):
                    writer.delete_documents_by_term("letter", letter)
            for start in range(0, len(changed), _BATCH_LETTERS):
                self._add(writers, store, changed[start : start + _BATCH_LETTERS], wanted)
            for writer in writers:
                writer.commit()
            for writer in writers:
                writer.wait_merging_threads()
            self._seen = self._commit_seen()
            self._letters.reload()
            self._index.reload()
        self._versions = wanted
        return len(changed) + len(gone)

    def _writers(self) -> tuple[tantivy.IndexWriter, tantivy.IndexWriter] | None:
        """The right to write passages and letters; None when another process keeps it for longer than we wait.

        Raises:
            DamagedIndex: the folder cannot be written.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                return self._index.writer(_HEAP_BYTES, 1), self._letters.writer(_HEAP_BYTES, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise DamagedIndex(str(error)) from error
                if time.monotonic() > until:
                    return None
                time.sleep(0.1)

    def _add(
        self,
        writers: tuple[tantivy.IndexWriter, tantivy.IndexWriter],
        store: Store,
        letters: list[str],
        versions: Mapping[str, str],
    ) -> None:
        """Add the passages of letters, a row that says the letter is there, and the letter as a whole."""
        found = {letter: list[dict[str, Any]]() for letter in letters}
        for passage in store.passages_of(letters):
            found[passage.letter.id].append(self._fields(passage, versions[passage.letter.id]))
        for letter, passages in found.items():
            for fields in passages:
                writers[0].add_document(tantivy.Document(**fields))
            writers[0].add_document(tantivy.Document(row="letter", letter=letter, version=versions[letter]))
            writers[1].add_document(tantivy.Document(**_whole(letter, versions[letter], passages)))

    def _fields(self, passage: Passage, version: str) -> dict[str, Any]:
        letter = passage.letter
        terms = self._analyser.terms(passage.text)
        context = self._context(context_of(passage))
        fields: dict[str, Any] = {
            "row": "passage",
            "id": passage.id,
            "letter": letter.id,
            "version": version,
            "words": " ".join(term.stem for term in terms),
            "parts": " ".join(part for term in terms for part in term.parts),
            "grams": " ".join(self._analyser.ngrams(passage.text)),
            "context": context,
            "author": letter.author.value,
            "kind": letter.kind.value,
            "voice": sorted(voice.value for voice in voices_in(passage)),
            "place": [place for place in (letter.reference, letter.source) if place],
        }
        if letter.period:
            fields["first_day"], fields["last_day"] = map(day_number, letter.period)
        return fields

    def _context_terms(self, context: str) -> str:
        """The stems and parts of a context, which many passages of a letter share."""
        return " ".join(stem for term in self._analyser.terms(context) for stem in (term.stem, *term.parts))

    def search(self, concepts: Iterable[Concept], question: str, count: int, filters: Filters) -> dict[str, float]:
        """BM25 scores of the passages that fit best, by passage id, best first.

        Args:
            concepts: what is searched for.
            question: its n-grams are searched for as well, against dirty text.
            count: most passages to return.
            filters: which passages may be found.

        Raises:
            DamagedIndex: the index cannot be read.
        """
        wanted = [query for concept in concepts if (query := self._concept_query(concept))]
        wanted += self._gram_queries(question)
        if not wanted:
            return {}
        core = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in wanted])
        must = [(tantivy.Occur.Must, query) for query in (core, *self._filter_queries(filters))]
        with _translated():
            letters = _found(self._letters, must, _LETTERS_FOUND, "letter") if self._weights.letter else {}
            lifted = [(tantivy.Occur.Should, self._lift(letter, score)) for letter, score in letters.items()]
            return _found(self._index, must + lifted, count, "id")

    def _lift(self, letter: str, score: float) -> tantivy.Query:
        """What each passage of a letter gains by the score of the letter."""
        query = tantivy.Query.term_query(self._schema, "letter", letter, index_option="basic")
        return tantivy.Query.const_score_query(query, self._weights.letter * score)

    def _term(self, field: str, value: str, weight: float) -> tantivy.Query:
        option = "freq" if field in _ANALYSED else "basic"
        query = tantivy.Query.term_query(self._schema, field, value, index_option=option)
        return query if option == "basic" else tantivy.Query.boost_query(query, weight)

    def _concept_query(self, concept: Concept) -> tantivy.Query | None:
        """The best of its alternatives, None when no passage has one."""
        ways = [way for alternative in concept.alternatives if (way := self._alternative_query(alternative))]
        return tantivy.Query.disjunction_max_query(ways, tie_breaker=self._weights.tie) if ways else None

    def _alternative_query(self, alternative: Alternative) -> tantivy.Query | None:
        """All words of an alternative, each where it is worth most; None when one of them stands in no passage."""
        searcher = self._index.searcher()
        worths = (("words", self._weights.words), ("parts", self._weights.parts), ("context", self._weights.context))
        share = alternative.weight / len(alternative.words)
        words = []
        for word in alternative.words:
            options = [
                self._term(field, word.stem, worth * share)
                for field, worth in worths
                if worth and searcher.doc_freq(field, word.stem)
            ]
            if not options:
                return None
            words.append(tantivy.Query.disjunction_max_query(options, tie_breaker=self._weights.tie))
        if len(words) == 1:
            return words[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, word) for word in words])

    def _gram_queries(self, question: str) -> list[tantivy.Query]:
        if not self._weights.grams:
            return []
        searcher = self._index.searcher()
        counted = {gram: searcher.doc_freq("grams", gram) for gram in self._analyser.ngrams(question)}
        rarest = sorted((count, gram) for gram, count in counted.items() if count)[:_GRAMS_ASKED]
        return [self._term("grams", gram, self._weights.grams) for _, gram in rarest]

    def _filter_queries(self, filters: Filters) -> list[tantivy.Query]:
        exact = {"author": filters.author, "voice": filters.voice, "kind": filters.kind, "place": filters.letter}
        queries = [self._term(field, str(value), 1.0) for field, value in exact.items() if value is not None]
        if filters.since:
            queries.append(self._days("last_day", day_number(filters.since), 99_999_999))
        if filters.until:
            queries.append(self._days("first_day", 0, day_number(filters.until)))
        return queries

    def _days(self, field: str, first: int, last: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, first, last)

    def frequency(self, concept: Concept) -> int:
        """In how many passages the rarest word of the concept's commonest alternative stands, else in whose context."""
        searcher = self._index.searcher()

        def passages_with(stem: str) -> int:
            inside = searcher.doc_freq("words", stem) + searcher.doc_freq("parts", stem)
            return int(inside or searcher.doc_freq("context", stem))

        ways = (min(passages_with(word.stem) for word in alternative.words) for alternative in concept.alternatives)
        return max(ways, default=0)
