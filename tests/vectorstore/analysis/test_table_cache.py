from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.analysis.dutch import WORDS_FILE, Analyser
from vectorstore.analysis.table_cache import Memory

WORDS = "taaleis schuldhulp gegeven advies uitvoeren wethouder zzz bijstandsgerechtigden loont crisis".split()


def told(analyser: Analyser) -> list[tuple[frozenset[str], float, str]]:
    return [(analyser.speech(word), analyser.commonness(word), analyser.stem(word)) for word in WORDS]


def test_an_analyser_that_remembers_says_what_one_that_does_not_says(tmp_path: Path, analyser: Analyser) -> None:
    memory = tmp_path / "words.json"
    first, again = told(Analyser(memory=memory)), told(Analyser(memory=memory))
    assert first == again == told(analyser)
    assert list(tmp_path.iterdir()) == [memory]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"digest": 1}', b"\xff\xfe"])
def test_a_damaged_memory_is_made_again(tmp_path: Path, analyser: Analyser, damage: bytes) -> None:
    memory = tmp_path / "words.json"
    memory.write_bytes(damage)
    assert told(Analyser(memory=memory)) == told(analyser)
    assert json.loads(memory.read_bytes())["tables"]


def test_the_memory_of_another_word_list_is_not_used(tmp_path: Path) -> None:
    memory, words = tmp_path / "words.json", tmp_path / "words.tsv.gz"
    told(Analyser(memory=memory))
    with gzip.open(WORDS_FILE, "rb") as lines, gzip.open(words, "wb") as fewer:
        fewer.writelines(lines.readlines()[:20_000])
    assert told(Analyser(words, memory)) == told(Analyser(words))


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "bestaat-niet" / "words.json", ["x"])
    assert memory.recall("a", lambda: {"b": 1}) == {"b": 1}


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)), max_size=3),
    st.text(),
    st.text(),
)
def test_tables_come_back_only_to_what_they_were_made_of(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, object]], source: str, other: str
) -> None:
    path = tmp_path_factory.mktemp("geheugen") / "tables.json"
    memory = Memory(path, [source])
    for number, table in enumerate(tables):
        assert memory.recall(str(number), lambda table=table: table) == table  # type: ignore[misc]
    for number, table in enumerate(tables):
        assert Memory(path, [source]).recall(str(number), lambda: {"made": "again"}) == table
    if tables and source != other:
        assert Memory(path, [other]).recall("0", lambda: {"made": "again"}) == {"made": "again"}


def test_threads_that_make_tables_of_each_other_neither_wait_for_ever_nor_lose_one(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "words.json", [])

    def make(number: int) -> dict[str, int]:
        inner = memory.recall("inner", lambda: {"one": 1})
        return {str(each): each + inner["one"] for each in range(number)}

    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda number: memory.recall(f"table {number % 20}", lambda: make(number % 20)), range(200))
        )
    assert made == [{str(each): each + 1 for each in range(number % 20)} for number in range(200)]
    again = Memory(tmp_path / "words.json", [])
    assert all(again.recall(f"table {number}", dict) == made[number] for number in range(20))
