from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import assert_table, items, read_rows
from vectorstore.analysis.dutch import STOPWORDS, Analyser, ThreadStemmer, fold, tokens

HERE = Path(__file__).parent
MEET = [word for left, right, meet in read_rows(HERE / "words.tsv") if meet == "yes" for word in (left, right)]
"""Words of this field."""


def meets(analyser: Analyser, left: str, right: str) -> bool:
    """Whether they have the same stem, one's stem is a part of the other, or all parts of one are in the other."""
    stems = [{term.stem for term in analyser.terms(word)} for word in (left, right)]
    parts = [{part for term in analyser.terms(word) for part in term.parts} for word in (left, right)]
    whole = any(parts[one] and parts[one] <= parts[1 - one] for one in (0, 1))
    return bool(stems[0] & (stems[1] | parts[1]) or stems[1] & parts[0]) or whole


def test_which_words_find_each_other(analyser: Analyser) -> None:
    assert_table(HERE / "words.tsv", lambda left, right, meet: meets(analyser, left, right) is (meet == "yes"))


def test_tokens() -> None:
    assert_table(HERE / "tokens.tsv", lambda text, expected: tokens(text) == items(expected))


@given(st.text())
def test_folding_takes_marks_off_every_character(text: str) -> None:
    kept = [character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)]
    assert fold(text) == "".join(kept).casefold()


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_are_whole(text: str) -> None:
    found = tokens(text)
    assert all(found)
    assert all(tokens(token) == [token] for token in found)


@given(st.text(alphabet="abdegiknorstuz", min_size=1, max_size=18))
def test_analysis_of_any_word_gives_words(analyser: Analyser, word: str) -> None:
    (term,) = analyser.terms(word)
    assert term.stem
    assert all(term.parts)
    assert len(term.parts) != 1 or term.parts[0] != term.stem


@given(st.text())
def test_terms_and_ngrams_of_any_text(analyser: Analyser, text: str) -> None:
    assert [term.surface for term in analyser.terms(text)] == tokens(text)
    assert all(analyser.ngrams(tokens(text)))


def test_a_stem_does_not_depend_on_what_was_asked_before(analyser: Analyser) -> None:
    fresh = Analyser()
    for word in reversed(MEET):
        assert fresh.stem(word) == analyser.stem(word)


def test_each_thread_has_a_stemmer_of_its_own() -> None:
    stemmer = ThreadStemmer("dutch_porter")
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(lambda: stemmer.stem).result()
    assert elsewhere.__self__ is not stemmer.stem.__self__  # type: ignore[attr-defined]
    assert elsewhere("adviezen") == stemmer.stem("adviezen")


def test_a_function_word_is_no_stem_of_a_word_of_content(analyser: Analyser) -> None:
    content = [word for word in MEET if word not in STOPWORDS]
    assert not [word for word in content if analyser.stem(word) in STOPWORDS - {word}]


def test_parts_of_a_compound(analyser: Analyser) -> None:
    assert_table(HERE / "compounds.tsv", lambda word, parts: list(analyser.split(word)) == items(parts))


def test_ngrams_mark_the_edges_of_words(analyser: Analyser) -> None:
    assert analyser.ngrams(tokens("taal")) == ["_taa", "taal", "aal_"]
    assert analyser.ngrams(tokens("in")) == ["_in_"]


def test_glued_words_share_ngrams(analyser: Analyser) -> None:
    glued = set(analyser.ngrams(tokens("hetcollegevindt")))
    assert set(analyser.ngrams(tokens("college"))) - glued <= {"_col", "ege_"}


@pytest.mark.parametrize(
    ("word", "speech"), [("geactiveerd", "v"), ("armoedeval", "n"), ("ingericht", "v"), ("qxqx", "")]
)
def test_parts_of_speech(analyser: Analyser, word: str, speech: str) -> None:
    assert set(speech) <= analyser.speech(word)
    assert speech or not analyser.speech(word)


def test_common_words_are_commoner_than_terms(analyser: Analyser) -> None:
    assert analyser.commonness("huis") > analyser.commonness("kostendelersnorm") == 0.0
    assert 0.0 <= analyser.commonness("armoede") <= 1.0


def test_the_word_list_is_read_when_it_is_needed_and_soon() -> None:
    script = (
        "import time; from vectorstore.analysis.dutch import Analyser; a = Analyser();"
        "assert not a.__dict__.keys() & {'_entries', '_counts'}, 'read too early';"
        "t = time.process_time(); a.terms('De armoedeval'); print(time.process_time() - t)"
    )
    seconds = min(
        float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    )
    assert seconds < 0.5


def test_terms_of_a_letter_come_fast(analyser: Analyser) -> None:
    text = " ".join(MEET * 20)
    analyser.terms(text)
    began = time.process_time()
    analyser.terms(text)
    assert time.process_time() - began < 0.5
