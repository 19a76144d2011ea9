"""Dates that letters give to those without one, remembered by version."""

from __future__ import annotations

import datetime as dt
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dating import GivenDates
from ingest.references import dates_beside, mentions_in, name_of
from vectorstore.letters import Letter, Passage
from vectorstore.store import FileRecord, Filing, Store

from .archives import opened
from .documents import advice, reply
from .test_anatomy import made

LONG_QUOTE = (
    "Wij adviseren u dan ook om in deze gemeente geen verlaging toe te passen zolang iemand op een wachtlijst staat."
)
UNDATED = advice(LONG_QUOTE, reference="CRV 2016-04").replace("Datum: 30 januari 2020\n", "")
QUOTING = advice(f"In ons advies van 22 september 2016 schreven wij: “{LONG_QUOTE}”", reference="CRV 2018-01")
NAMING = reply("Uw advies van 22 september 2016 (kenmerk CRV 2016-04) lazen wij.")
OTHERWISE = reply("Uw advies van 23 september 2016 (kenmerk CRV 2016-04) lazen wij.")
NOTHING = reply("Uw advies van 22 september 2016 (kenmerk CRV 2016-041) lazen wij.")
DAY = dt.date(2016, 9, 22)


def put(store: Store, letter: Letter, version: str) -> None:
    passage = Passage(f"{letter.id}-{version}-0", letter, 0, len(letter.text))
    record = FileRecord(letter.id, letter.source, letter.source, "", version, passages=1)
    store.put([Filing(record, letter, [passage], np.ones((1, 4), dtype=np.float32))])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "data") as made_here:
        put(made_here, made(UNDATED, "undated"), "1")
        yield made_here


@pytest.fixture
def dates(tmp_path: Path) -> GivenDates:
    return GivenDates(tmp_path / "dates")


def give(store: Store, *texts: str) -> None:
    for number, text in enumerate(texts):
        put(store, made(text, f"other{number}"), f"{zlib.crc32(text.encode()):x}")


@pytest.mark.parametrize(
    "text",
    [
        reply("Met deze brief reageren wij op uw advies van 22 september 2016 (kenmerk CRV 2016-04)."),
        reply("Wij reageren op CRV 2016-04 van 22 september 2016."),
        reply("Dank voor uw advies van 22 sept. 2016, kenmerk CRV 2016-04."),
        QUOTING,
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_letter_that_names_or_quotes_it_tells_its_date(
    store: Store, dates: GivenDates, text: str, at_once: bool
) -> None:
    if not at_once:
        assert dates.of(store) == {}
    give(store, text)
    assert dates.of(store) == {"undated": DAY}
    assert dates.of(store) == {"undated": DAY}


@pytest.mark.parametrize("text", [NAMING, QUOTING])
def test_a_letter_that_comes_after_the_one_that_names_it(store: Store, dates: GivenDates, text: str) -> None:
    store.remove(["undated"])
    give(store, text)
    assert dates.of(store) == {}
    put(store, made(UNDATED, "undated"), "2")
    assert dates.of(store) == {"undated": DAY}


def test_too_few_quoted_words_tell_nothing(store: Store, dates: GivenDates) -> None:
    give(store, advice("In ons advies van 22 september 2016 schreven wij: “Wij adviseren u dan ook om”."))
    assert dates.of(store) == {}


def test_letters_that_disagree_tell_nothing(store: Store, dates: GivenDates) -> None:
    give(store, NAMING, OTHERWISE)
    assert dates.of(store) == {}
    store.remove(["other1"])
    assert dates.of(store) == {"undated": DAY}


def test_another_reference_tells_nothing(store: Store, dates: GivenDates) -> None:
    give(store, NOTHING)
    assert dates.of(store) == {}


def test_a_letter_does_not_date_itself(store: Store, dates: GivenDates) -> None:
    own = UNDATED.replace("Met vriendelijke groet", "Dit is ons advies van 22 september 2016, kenmerk CRV 2016-04.\n\n")
    put(store, made(own, "undated"), "2")
    assert dates.of(store) == {}


def test_a_letter_that_says_it_no_more(store: Store, dates: GivenDates) -> None:
    give(store, NAMING)
    assert dates.of(store) == {"undated": DAY}
    give(store, NOTHING)
    assert dates.of(store) == {}


def test_a_damaged_file_is_made_again(store: Store, tmp_path: Path) -> None:
    give(store, NAMING)
    GivenDates(tmp_path / "dates").of(store)
    for path in (tmp_path / "dates").iterdir():
        path.write_bytes(b"geen databank" * 700)
    assert GivenDates(tmp_path / "dates").of(store) == {"undated": DAY}


TEXTS = (UNDATED, QUOTING, NAMING, OTHERWISE, NOTHING, advice(LONG_QUOTE, reference="CRV 2016-05"))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, len(TEXTS) - 1), st.booleans()), max_size=10))
def test_what_is_remembered_is_what_is_read_anew(changes: list[tuple[int, int | None, bool]]) -> None:
    with tempfile.TemporaryDirectory() as name, opened(Path(name) / "data") as store:
        remembered = GivenDates(Path(name) / "remembered")
        for number, text, look in changes:
            if text is None:
                store.remove([f"letter{number}"])
            else:
                put(store, made(TEXTS[text], f"letter{number}"), str(text))
            if look:
                remembered.of(store)
        assert remembered.of(store) == GivenDates(Path(name) / "anew").of(store)


@given(
    st.lists(
        st.sampled_from(
            [
                "uw advies ",
                "van 3 mei 2016",
                " van 4 juni 2017",
                " (kenmerk ",
                ", ons kenmerk: ",
                "CWI 2016-1",
                ") ",
                "\n",
            ]
        ),
        max_size=12,
    )
)
def test_every_date_that_stands_with_a_kenmerk_is_among_the_mentions(parts: list[str]) -> None:
    text, reference = "".join(parts), "CWI 2016-1"
    mentioned = {
        date
        for mention in mentions_in(text)
        if name_of(reference) in mention.names
        for date in dates_beside(mention.beside, reference)
    }
    assert mentioned == set(dates_beside(text, reference))
