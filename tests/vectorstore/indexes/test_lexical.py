from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.vectorstore.archives import (
    EMBEDDER,
    as_nobody,
    filing,
    make_letter,
    make_passages,
    open_store,
    protect,
    protected_folder,
    put,
    unreadable,
)
from vectorstore.analysis.dutch import Analyser, tokens
from vectorstore.analysis.expansion import Expander, Thesaurus
from vectorstore.errors import DamagedArchive
from vectorstore.indexes.dense import DenseIndex
from vectorstore.indexes.lexical import FieldWeights, LexicalIndex
from vectorstore.letters import DateBasis, Filters, Kind, Letter, Passage, Utterance, Voice, context_of
from vectorstore.store.store import Filing, Store, admits, voices_in

ANY = Filters()


def search(index: LexicalIndex, question: str, filters: Filters = ANY, count: int = 100) -> dict[str, float]:
    analyser = index._analyser
    words = tuple(tokens(question))
    return index.search(Expander(analyser, None).concepts(words), words, count, filters)


def held(index: LexicalIndex) -> list[str]:
    """Every passage in the index, by id, as often as it is there."""
    searcher = index._index.searcher()
    from tantivy import Query as Tantivy

    hits = searcher.search(Tantivy.term_query(index._schema, "row", "passage", "basic"), limit=1000).hits
    return sorted(str(searcher.doc(address)["id"][0]) for _, address in hits)


def in_store(store: Store) -> list[str]:
    return sorted(passage.id for passage in store.passages_of(store.versions()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lexical"


@pytest.fixture
def index(folder: Path, analyser: Analyser) -> LexicalIndex:
    return LexicalIndex(folder, analyser)


def test_catching_up_adds_replaces_and_removes_exactly(store: Store, index: LexicalIndex) -> None:
    for number in range(4):
        put(store, make_letter(number))
    assert index.catch_up(store) == 4
    assert held(index) == in_store(store)
    assert index.catch_up(store) == 0
    put(store, make_letter(1, "De leges van de gemeente."), "2")
    store.remove(["letter-2"])
    put(store, make_letter(9))
    store.put([Filing(unreadable(3))])
    assert index.catch_up(store) == 4
    assert held(index) == in_store(store)
    assert index.versions == store.versions()
    assert next(iter(search(index, "leges"))) == "letter-1-2-0"


def test_catching_up_with_one_letter_reads_one_letter(
    store: Store, index: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(store, make_letter(number))
    index.catch_up(store)
    asked: list[str] = []
    passages_of = Store.passages_of
    monkeypatch.setattr(Store, "passages_of", lambda self, letters: asked.extend(letters) or passages_of(self, letters))
    put(store, make_letter(3), "2")
    index.catch_up(store)
    assert asked == ["letter-3"]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "remove", "unreadable"]), st.integers(0, 5), st.integers(1, 3)), max_size=8
    )
)
def test_after_any_changes_the_index_equals_the_store(analyser: Analyser, changes: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name) / "data")
        index = LexicalIndex(Path(name) / "lexical", analyser)
        for action, number, version in changes:
            if action == "put":
                put(store, make_letter(number, f"Tekst {version}.\n\nVersie {version}."), str(version))
            elif action == "remove":
                store.remove([f"letter-{number}"])
            else:
                store.put([Filing(unreadable(number))])
            if version == 1:
                index.catch_up(store)
        index.catch_up(store)
        assert held(index) == in_store(store)
        assert held(LexicalIndex(Path(name) / "lexical", analyser)) == in_store(store)
        store.close()


def test_an_index_that_is_opened_again_has_nothing_to_do(store: Store, folder: Path, analyser: Analyser) -> None:
    put(store, make_letter(1))
    LexicalIndex(folder, analyser).catch_up(store)
    again = LexicalIndex(folder, analyser)
    assert again.catch_up(store) == 0
    assert search(again, "taaleis")


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)


def truncated(suffix: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for file in folder.rglob(f"*{suffix}"):
            if file.is_file():
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return damage


def junked(folder: Path) -> None:
    for file in folder.rglob("*.*"):
        if file.is_file():
            file.write_bytes(os.urandom(300))


def scribbled(suffix: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for file in folder.rglob(f"*{suffix}"):
            with file.open("r+b") as stream:
                stream.seek(8)
                stream.write(random.Random(7).randbytes(file.stat().st_size // 2))

    return damage


def without(suffix: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for file in folder.rglob(f"*{suffix}"):
            file.unlink()

    return damage


DAMAGES = {
    "folder gone": emptied,
    "all truncated": truncated(""),
    "all junk": junked,
    "meta.json truncated": truncated("meta.json"),
    "meta.json gone": without("meta.json"),
    "terms truncated": truncated(".term"),
    "stored fields gone": without(".store"),
    "postings gone": without(".idx"),
    "days truncated": truncated(".fast"),
    "postings junk": scribbled(".idx"),
}


@pytest.fixture(scope="module")
def sixty(analyser: Analyser, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """An index of sixty letters, and their versions."""
    folder = tmp_path_factory.mktemp("zestig")
    store = open_store(folder / "data")
    store.put([filing(make_letter(number)) for number in range(60)])
    LexicalIndex(folder / "words", analyser).catch_up(store)
    store.close()
    return folder / "words", store.versions()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_that_no_hash_found_ends_in_words_at_worst(
    sixty: tuple[Path, dict[str, str]], folder: Path, analyser: Analyser, damage: Callable[[Path], None]
) -> None:
    whole, versions = sixty
    shutil.copytree(whole, folder)
    damage(folder)
    with contextlib.suppress(DamagedArchive):
        index = LexicalIndex(folder, analyser)
        assert index.versions in (versions, {})
        search(index, "taaleis en schuldhulp", Filters(since=dt.date(2020, 1, 3)))


def test_a_file_where_the_folder_should_be(folder: Path, analyser: Analyser) -> None:
    folder.write_text("geen map", encoding="utf-8")
    with pytest.raises(DamagedArchive):
        LexicalIndex(folder, analyser)


def read_as_nobody(folder: Path) -> tuple[dict[str, str], dict[str, float], bool]:
    """What who may not write in its folder finds in an index, and whether any copy of it is left."""
    tempfile.tempdir = None
    with tempfile.TemporaryDirectory() as temporary:
        tempfile.tempdir = temporary
        index = LexicalIndex(folder, Analyser())
        read = index.versions, search(index, "taaleis en schuldhulp")
        index._mirror.cleanup()
        return *read, any(Path(temporary).iterdir())


def test_an_index_in_a_folder_that_cannot_be_written_is_searched(store: Store, analyser: Analyser) -> None:
    put(store, make_letter(1))
    put(store, make_letter(2))
    with protected_folder() as folder:
        index = LexicalIndex(folder / "words", analyser)
        index.catch_up(store)
        found = search(index, "taaleis en schuldhulp")
        protect(folder)
        assert as_nobody(read_as_nobody, folder / "words") == (store.versions(), found, False)


def test_an_index_that_nobody_holds_any_more_lets_go_of_its_files_at_once(folder: Path, analyser: Analyser) -> None:
    """Some systems neither rename nor remove a folder with open files."""
    index = weakref.ref(LexicalIndex(folder, analyser))
    assert index() is None


def test_an_index_in_memory_leaves_no_files(store: Store, tmp_path: Path, analyser: Analyser) -> None:
    put(store, make_letter(1))
    index = LexicalIndex(None, analyser)
    index.catch_up(store)
    assert search(index, "taaleis")
    assert not (tmp_path / "lexical").exists()


# What is found


VOICES = list(Voice)


def random_letter(number: int, generator: random.Random) -> Letter:
    """A letter with any fields."""
    day = dt.date(2015, 1, 1) + dt.timedelta(days=generator.randrange(3000)) if generator.random() < 0.6 else None
    text = "\n\n".join(f"De taaleis van {number}, {'ook ' * generator.randrange(30)}deel {part}." for part in range(4))
    start = generator.randrange(len(text) - 60)
    utterances = (Utterance(start, start + generator.randrange(1, 60), generator.choice(VOICES)),)
    return make_letter(
        number,
        text,
        kind=generator.choice(list(Kind)),
        author=generator.choice(VOICES),
        voice=generator.choice(VOICES),
        reference=generator.choice([None, f"CR {generator.randrange(2015, 2023)}-{number % 3}", "CR-7"]),
        date=day,
        date_basis=DateBasis.STATED if day else DateBasis.UNKNOWN,
        utterances=utterances if generator.random() < 0.7 else (),
    )


def random_filters(generator: random.Random) -> Filters:
    """Any of the filters, or several."""

    def maybe(value: Any) -> Any:
        return value if generator.random() < 0.35 else None

    days = sorted(dt.date(2015, 1, 1) + dt.timedelta(days=generator.randrange(3000)) for _ in range(2))
    return Filters(
        author=maybe(generator.choice(VOICES)),
        voice=maybe(generator.choice(VOICES)),
        kind=maybe(generator.choice(list(Kind))),
        since=maybe(days[0]),
        until=maybe(days[1]),
        letter=maybe(generator.choice(["CR 2016-1", "CR-7", "map/brief 3.txt", "geen", ""])),
    )


def passes(filters: Filters, passage: Passage) -> bool:
    """Whether a passage may be found, said in the simplest way."""
    spoken = filters.voice is None or filters.voice in voices_in(passage)
    return spoken and admits(replace(filters, voice=None), passage.letter)


def test_filters_of_both_indexes_agree_with_what_admits_says(store: Store, index: LexicalIndex) -> None:
    generator = random.Random(2020)
    passages = []
    for number in range(40):
        passages += put(store, random_letter(number, generator))
    index.catch_up(store)
    dense = DenseIndex()
    dense.catch_up(store)
    vector = EMBEDDER.embed_query("taaleis")
    sizes = set()
    for _ in range(120):
        filters = random_filters(generator)
        expected = {passage.id for passage in passages if passes(filters, passage)}
        assert set(search(index, "taaleis", filters, 1000)) == expected, filters
        assert set(dense.search(vector, 1000, filters)) == expected, filters
        sizes.add(len(expected))
    assert len(sizes) > 10


def test_a_passage_with_another_voice_is_admitted_with_its_letter() -> None:
    letter = make_letter(1, "x" * 100, utterances=(Utterance(0, 60, Voice.EXECUTIVE),))
    (passage,) = make_passages(letter, "1")
    for voice in voices_in(passage):
        assert admits(Filters(voice=voice), letter)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("armoede val", 0),
        ("lonen", 0),
        ("taal eis", 1),
        ("uitkeringen", 1),
        ("schuld hulpverlening", 2),
        ("wachttijden", 2),
        ("scholdhulpverlening", 2),
        ("CR 2020-1", 1),
    ],
)
def test_questions_find_the_letter(store: Store, index: LexicalIndex, question: str, number: int) -> None:
    for each in range(3):
        put(store, make_letter(each))
    index.catch_up(store)
    assert next(iter(search(index, question))).startswith(f"letter-{number}-")


def test_glued_words_are_found_by_their_ngrams(store: Store, folder: Path, analyser: Analyser) -> None:
    put(store, make_letter(0, "Hetcollegevindtdeparticipatieverklaringgoed."))
    put(store, make_letter(1))
    for weight, expected in ((0.12, "letter-0-1-0"), (0.0, None)):
        index = LexicalIndex(None, analyser, FieldWeights(grams=weight))
        index.catch_up(store)
        assert next(iter(search(index, "participatieverklaring")), None) == expected


def test_the_letters_context_is_found_but_counts_for_less(store: Store, index: LexicalIndex) -> None:
    put(store, make_letter(0, "Over iets anders.", subject="de kinderopvang"))
    put(store, make_letter(1, "Over de kinderopvang gaat dit."))
    index.catch_up(store)
    assert list(search(index, "kinderopvang")) == ["letter-1-1-0", "letter-0-1-0"]
    assert "kinderopvang" in context_of(store.passages_of(["letter-0"])[0])


def test_at_most_as_many_as_were_asked_for(store: Store, index: LexicalIndex) -> None:
    for number in range(10):
        put(store, make_letter(number, "De taaleis."))
    index.catch_up(store)
    found = search(index, "taaleis", count=3)
    assert list(found) == sorted(found)
    assert len(found) == 3


def test_frequency_counts_passages(store: Store, index: LexicalIndex, analyser: Analyser) -> None:
    put(store, make_letter(0, "De taaleis.\n\nOok de taaleis.\n\nEn iets anders."))
    index.catch_up(store)
    (eis,), (nooit,) = (Expander(analyser, None).concepts((word,)) for word in ("taaleis", "zwembad"))
    assert (index.frequency(eis), index.frequency(nooit)) == (2, 0)


STRANGE = (
    "",
    "   ",
    '"',
    "'",
    "AND OR NOT",
    "+taal -eis",
    "taal:eis",
    "words:taal^9",
    "[a TO b]",
    "(((",
    "*?~",
    "\\",
    "\x00",
)


@pytest.fixture(scope="module")
def filled(analyser: Analyser) -> Iterator[LexicalIndex]:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        for number in range(3):
            put(store, make_letter(number))
        index = LexicalIndex(None, analyser)
        index.catch_up(store)
        yield index
        store.close()


@pytest.mark.parametrize("question", [*STRANGE, "😀🏳️‍🌈", "x" * 2000, "de taaleis " * 180, "a-" * 900, "\ud800 taal"])
def test_strange_questions_are_only_words(filled: LexicalIndex, question: str) -> None:
    expander = Expander(filled._analyser, Thesaurus())
    for english in (False, True):
        found = filled.search(expander.concepts(tuple(tokens(question)), english), tokens(question), 10, ANY)
        assert found or "taal" not in question


@given(st.text(max_size=300), st.text(max_size=30))
@example("\ud800", "\x00")
def test_no_question_and_no_reference_raises(filled: LexicalIndex, question: str, reference: str) -> None:
    search(filled, question, Filters(letter=reference))
    assert all(score > 0 for score in search(filled, question).values())


def test_a_passage_of_a_letter_about_the_subject_comes_before_one_of_a_letter_that_is_not(
    store: Store, index: LexicalIndex
) -> None:
    about = "De taaleis is niet uitvoerbaar.\n\nWij vragen het college om uitstel van de maatregel."
    beside = "De zwembaden gaan dicht.\n\nWij vragen het college om uitstel van de maatregel."
    put(store, make_letter(1, beside))
    put(store, make_letter(2, about))
    index.catch_up(store)
    found = search(index, "uitstel van de taaleis")
    texts = {name: passage.text for name, passage in store.passages(list(found)).items()}
    uitstel = [name for name in found if "uitstel" in texts[name]]
    assert [name.split("-")[1] for name in uitstel] == ["2", "1"]


@pytest.mark.parametrize("killed", ["letters", "passages"])
def test_indexes_that_a_killed_writer_left_unequal_are_made_equal(
    store: Store, folder: Path, analyser: Analyser, killed: str
) -> None:
    put(store, make_letter(1))
    index = LexicalIndex(folder, analyser)
    index.catch_up(store)
    writer = (index._letters if killed == "letters" else index._index).writer()
    writer.delete_documents_by_term("letter", "letter-1")
    writer.commit()
    writer.wait_merging_threads()
    again = LexicalIndex(folder, analyser)
    assert again.catch_up(store) == 1
    assert held(again) == in_store(store)
    assert again._rows(again._letters) == store.versions()
    store.remove(["letter-1"])
    assert again.catch_up(store) == 1
    assert again._letters.searcher().num_docs == again._index.searcher().num_docs == 0
