"""Dutch BM25 over passages and over whole letters, derived from the store. The one module that imports tantivy.

A passage is worth more in a letter about the subject asked, so the score of its letter is added to its own. Letters
have a separate index, because their lengths and frequencies differ from those of passages.

The indexes can be thrown away at any moment. Each records the version of each letter it holds, in the same commit as
its rows; `catch_up` compares these to bring the indexes up to date with the store. One process at a time may do so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import tantivy

from vectorstore.analysis.dutch import Analyser, tokens
from vectorstore.analysis.expansion import Alternative, Concept
from vectorstore.errors import DamagedArchive
from vectorstore.filtering import day_number, voices_in
from vectorstore.letters import Filters, Passage, context_of
from vectorstore.store.source import LetterSource

_HEAP_BYTES = 64_000_000
_BATCH_LETTERS = 200

_LETTERS_FOUND = 100
"""Number of letters whose own score counts for their passages."""

_GRAMS_ASKED = 20
"""Number of character n-grams of a question searched for, the rarest ones; the others are in most passages."""

_ANALYSED = ("words", "parts", "grams", "context")


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """Weights of a match in each field, tuned by `python -m eval tune`.

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


def schema() -> tantivy.Schema:
    """Return the fields of the index of passages."""
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


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    """Turn the errors and panics of a damaged or unwritable index into DamagedArchive."""
    try:
        yield
    except (ValueError, OSError, KeyError) as error:
        raise _damaged(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(error) from error


def _damaged(error: BaseException) -> DamagedArchive:
    return DamagedArchive(
        f"De woordenindex van het archief kan niet worden gebruikt ({str(error).splitlines()[0][:200]}).",
        "Start het programma opnieuw; de index wordt dan opnieuw gemaakt.",
    )


def _letter_fields(letter: str, version: str, passages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of a letter from those of its passages: all their words, and the attributes they share."""
    whole: dict[str, Any] = {"row": "letter", "letter": letter, "version": version}
    for fields in passages:
        whole |= {name: fields[name] for name in ("author", "kind", "place", "first_day", "last_day") if name in fields}
        whole["voice"] = sorted({*whole.get("voice", ()), *fields["voice"]})
    for name in ("words", "parts", "grams"):
        whole[name] = " ".join(fields[name] for fields in passages)
    return whole


def _context_terms(analyser: Analyser, context: str) -> str:
    """Return the stems and parts of a context, which many passages of a letter share."""
    return " ".join(stem for term in analyser.terms(context) for stem in (term.stem, *term.parts))


def _best_rows(
    index: tantivy.Index, clauses: list[tuple[tantivy.Occur, tantivy.Query]], count: int, name: str
) -> dict[str, float]:
    """Return the scores of the best rows, keyed by a stored field, best first."""
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(clauses), limit=count, count=False).hits
    scored = [(str(searcher.doc(address)[name][0]), score) for score, address in hits]
    return dict(sorted(scored, key=lambda pair: (-pair[1], pair[0])))


class LexicalIndex:
    """BM25 over passages. Safe for search by several threads at once, while nobody changes it.

    Args:
        folder: where the index is kept, created when missing; None keeps it in memory.
        analyser: gives the terms.
        weights: what each field is worth.

    Raises:
        DamagedArchive: it cannot be opened.
    """

    def __init__(self, folder: Path | None, analyser: Analyser, weights: FieldWeights = FieldWeights()) -> None:
        self._analyser = analyser
        self._weights = weights
        self._schema = schema()
        self._context = lru_cache(maxsize=1000)(partial(_context_terms, analyser))
        with _translate_errors():
            self._folder = self._writable(folder)
            self._index = self._open_index(self._folder)
            self._letters = self._open_index(self._folder / "letters" if self._folder else None)

    def _writable(self, folder: Path | None) -> Path | None:
        """Return a folder that tantivy can open: it writes a lock file even to read."""
        if folder is None or not folder.exists() or os.access(folder, os.W_OK):
            return folder
        self._mirror = tempfile.TemporaryDirectory(prefix="raadsgeheugen-")
        mirror = Path(self._mirror.name)
        for path in folder.rglob("*"):
            copy = mirror / path.relative_to(folder)
            if path.is_dir():
                copy.mkdir()
            elif not path.name.endswith(".lock"):
                _refer(path, copy)
        return mirror

    def _open_index(self, folder: Path | None) -> tantivy.Index:
        if folder is None:
            index = tantivy.Index(self._schema)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("analysed", whitespace)
        index.reload()
        return index

    @property
    def versions(self) -> dict[str, str]:
        """Return the version of each letter in the index, by letter id; empty where the two indexes differ."""
        with _translate_errors():
            passages, letters = self._rows(self._index), self._rows(self._letters)
        return {
            letter: passages[letter] if passages.get(letter) == letters.get(letter) else ""
            for letter in passages.keys() | letters.keys()
        }

    def _rows(self, index: tantivy.Index) -> dict[str, str]:
        """Return the version of each letter that an index has a row for, by letter id."""
        searcher = index.searcher()
        marker = tantivy.Query.term_query(self._schema, "row", "letter", index_option="basic")
        hits = searcher.search(marker, limit=max(1, searcher.num_docs)).hits
        rows = [searcher.doc(address) for _, address in hits]
        return {str(row["letter"][0]): str(row["version"][0]) for row in rows}

    def catch_up(self, store: LetterSource) -> int:
        """Bring the index up to date with a store; return how many letters were added, replaced or removed.

        Raises:
            DamagedArchive: it cannot be written.
        """
        held, wanted = self.versions, store.versions()
        changed = [letter for letter, version in wanted.items() if held.get(letter) != version]
        gone = [letter for letter in held if letter not in wanted]
        if not changed and not gone:
            return 0
        with _translate_errors():
            writers = self._index.writer(_HEAP_BYTES, 1), self._letters.writer(_HEAP_BYTES, 1)
            for writer in writers:
                for letter in (*gone, *changed):
                    writer.delete_documents_by_term("letter", letter)
            for start in range(0, len(changed), _BATCH_LETTERS):
                self._add(writers, store, changed[start : start + _BATCH_LETTERS], wanted)
            for writer in writers:
                writer.commit()
            for writer in writers:
                writer.wait_merging_threads()
            self._letters.reload()
            self._index.reload()
        return len(changed) + len(gone)

    def _add(
        self,
        writers: tuple[tantivy.IndexWriter, tantivy.IndexWriter],
        store: LetterSource,
        letters: list[str],
        versions: Mapping[str, str],
    ) -> None:
        """Add the passages of letters, a marker row for each letter, and the letter as a whole."""
        found = {letter: list[dict[str, Any]]() for letter in letters}
        for passage in store.passages_of(letters):
            found[passage.letter.id].append(self._fields(passage, versions[passage.letter.id]))
        for letter, passages in found.items():
            for fields in passages:
                writers[0].add_document(tantivy.Document(**fields))
            writers[0].add_document(tantivy.Document(row="letter", letter=letter, version=versions[letter]))
            writers[1].add_document(tantivy.Document(**_letter_fields(letter, versions[letter], passages)))

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
            "grams": " ".join(self._analyser.ngrams(tokens(passage.text))),
            "context": context,
            "author": letter.author.value,
            "kind": letter.kind.value,
            "voice": sorted(voice.value for voice in voices_in(passage)),
            "place": [place for place in (letter.reference, letter.source) if place],
        }
        if letter.period:
            fields["first_day"], fields["last_day"] = map(day_number, letter.period)
        return fields

    def search(
        self, concepts: Iterable[Concept], words: Sequence[str], count: int, filters: Filters
    ) -> dict[str, float]:
        """Return the BM25 scores of the best passages, by passage id, best first.

        Args:
            concepts: what is searched for.
            words: of the question; their n-grams are searched for as well, against dirty text.
            count: most passages to return.
            filters: which passages may be found.

        Raises:
            DamagedArchive: the index cannot be read.
        """
        wanted = [query for concept in concepts if (query := self._concept_query(concept))]
        wanted += self._gram_queries(words)
        if not wanted:
            return {}
        core = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in wanted])
        must = [(tantivy.Occur.Must, query) for query in (core, *self._filter_queries(filters))]
        with _translate_errors():
            letters = _best_rows(self._letters, must, _LETTERS_FOUND, "letter") if self._weights.letter else {}
            lifted = [(tantivy.Occur.Should, self._lift(letter, score)) for letter, score in letters.items()]
            return _best_rows(self._index, must + lifted, count, "id")

    def _lift(self, letter: str, score: float) -> tantivy.Query:
        """Return the query that adds the score of a letter to each of its passages."""
        query = tantivy.Query.term_query(self._schema, "letter", letter, index_option="basic")
        return tantivy.Query.const_score_query(query, self._weights.letter * score)

    def _term(self, field: str, value: str, weight: float) -> tantivy.Query:
        option = "freq" if field in _ANALYSED else "basic"
        query = tantivy.Query.term_query(self._schema, field, value, index_option=option)
        return query if option == "basic" else tantivy.Query.boost_query(query, weight)

    def _concept_query(self, concept: Concept) -> tantivy.Query | None:
        """Return the query for the best of a concept's alternatives, or None if no passage has one."""
        ways = [way for alternative in concept.alternatives if (way := self._alternative_query(alternative))]
        return tantivy.Query.disjunction_max_query(ways, tie_breaker=self._weights.tie) if ways else None

    def _alternative_query(self, alternative: Alternative) -> tantivy.Query | None:
        """Return a query for all words of an alternative, each in its best field; None if one occurs in no passage."""
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

    def _gram_queries(self, words: Sequence[str]) -> list[tantivy.Query]:
        if not self._weights.grams:
            return []
        searcher = self._index.searcher()
        counted = {gram: searcher.doc_freq("grams", gram) for gram in self._analyser.ngrams(words)}
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
        """Return in how many passages the rarest word of the commonest alternative occurs, or else in whose context."""
        searcher = self._index.searcher()

        def passages_with(stem: str) -> int:
            inside = searcher.doc_freq("words", stem) + searcher.doc_freq("parts", stem)
            return int(inside or searcher.doc_freq("context", stem))

        ways = (min(passages_with(word.stem) for word in alternative.words) for alternative in concept.alternatives)
        return max(ways, default=0)


def _refer(path: Path, copy: Path) -> None:
    """Make a file appear at another place: as a link where the system has them, else as a copy."""
    try:
        copy.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, copy)
