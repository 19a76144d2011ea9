"""Which letter answers, quotes or names which, and the dates that follow, whatever the order in which letters came."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.links.graph import LINKS_FILE, Link, LinkKind, Links
from tests.ingest.archives import opened
from tests.ingest.documents import advice, reply
from tests.ingest.metadata.test_extract import made
from tests.letters import new_passage
from vectorstore.letters import Letter
from vectorstore.store.store import FileRecord, Filing, Store

LONG_QUOTE = (
    "Wij adviseren u dan ook om in deze gemeente geen verlaging toe te passen zolang iemand op een wachtlijst staat."
)
UNDATED = advice(LONG_QUOTE, reference="CRV 2016-04").replace("Datum: 30 januari 2020\n", "")
QUOTING = advice(f"In ons advies van 22 september 2016 schreven wij: “{LONG_QUOTE}”", reference="CRV 2018-01")
NAMING = reply("Uw advies van 22 september 2016 (kenmerk CRV 2016-04) lazen wij.")
OTHERWISE = reply("Uw advies van 23 september 2016 (kenmerk CRV 2016-04) lazen wij.")
NOTHING = reply("Uw advies van 22 september 2016 (kenmerk CRV 2016-041) lazen wij.")
ANSWERING = reply("Met deze brief reageren wij op uw advies van 22 september 2016.", theirs="CRV 2016-04")
DAY = dt.date(2016, 9, 22)


def put(store: Store, letter: Letter, version: str) -> None:
    passage = new_passage(letter, id=f"{letter.id}-{version}-0")
    record = FileRecord(letter.id, letter.source, letter.source, "", version, passages=1)
    store.put([Filing(record, letter, [passage], np.ones((1, 4), dtype=np.float32))])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "data") as made_here:
        yield made_here


@pytest.fixture
def undated(store: Store) -> Store:
    put(store, made(UNDATED, "undated"), "1")
    return store


@pytest.fixture
def links(tmp_path: Path) -> Iterator[Links]:
    with contextlib.closing(Links(tmp_path / "links")) as made_here:
        yield made_here


def made_empty(store: Store) -> Store:
    """A store without its letters."""
    store.remove(list(store.versions()))
    return store


def give(store: Store, *texts: str) -> None:
    for number, text in enumerate(texts):
        put(store, made(text, f"other{number}"), f"{zlib.crc32(text.encode()):x}")


def dates(links: Links, store: Store) -> Mapping[str, dt.date]:
    links.catch_up(store)
    return links.dates()


def given_by(links: Links, store: Store, letter: str) -> list[tuple[str, str, str]]:
    """Receiver, kind and words of the links of a letter."""
    links.catch_up(store)
    text = store.letter(letter).text
    return [(link.receiver, link.kind.value, text[link.start : link.end]) for link in links.of(letter)]


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            reply("Met deze brief reageren wij op uw advies van 22 september 2016 (kenmerk CRV 2016-04)."),
            reply("Wij reageren op CRV 2016-04 van 22 september 2016."),
            reply("Dank voor uw advies van 22 sept. 2016, kenmerk CRV 2016-04."),
            reply("Dank voor uw advies d.d. 22-9-2016 met kenmerk CRV-2016/4."),
            QUOTING,
            QUOTING.replace("gemeente geen verlaging", "gerneente geen verlaging"),
            ANSWERING,
        ],
    )
    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_letter_that_names_or_quotes_it_tells_its_date(
        self, undated: Store, links: Links, text: str, at_once: bool
    ) -> None:
        if not at_once:
            assert dates(links, undated) == {}
        give(undated, text)
        assert dates(links, undated) == {"undated": DAY}
        assert dates(links, undated) == {"undated": DAY}

    @pytest.mark.parametrize("text", [NAMING, QUOTING, ANSWERING])
    def test_a_letter_that_comes_after_the_one_that_names_it(self, store: Store, links: Links, text: str) -> None:
        give(store, text)
        assert dates(links, store) == {}
        put(store, made(UNDATED, "undated"), "2")
        assert dates(links, store) == {"undated": DAY}

    @pytest.mark.parametrize(
        "text",
        [
            advice("In ons advies van 22 september 2016 schreven wij: “Wij adviseren u dan ook om”."),
            NOTHING,
            reply("Wij reageren op uw advies van 22 september 2016 en dat van 3 mei 2017.", theirs="CRV 2016-05"),
            reply("Wij reageren op uw adviezen van 22 september 2016 en 3 mei 2017.", theirs="CRV 2016-04"),
            advice(f"In ons advies van september 2016 schreven wij: “{LONG_QUOTE}”", reference="CRV 2018-01"),
        ],
    )
    def test_what_does_not_tell_it(self, undated: Store, links: Links, text: str) -> None:
        give(undated, text)
        assert dates(links, undated) == {}

    def test_letters_that_disagree_tell_nothing(self, undated: Store, links: Links) -> None:
        give(undated, NAMING, OTHERWISE)
        assert dates(links, undated) == {}
        undated.remove(["other1"])
        assert dates(links, undated) == {"undated": DAY}

    def test_a_letter_does_not_date_itself(self, undated: Store, links: Links) -> None:
        own = UNDATED.replace("Met vriendelijke groet", "Ons advies van 22 september 2016, kenmerk CRV 2016-04.\n\n")
        put(undated, made(own, "undated"), "2")
        assert dates(links, undated) == {}

    def test_a_letter_that_says_it_no_more(self, undated: Store, links: Links) -> None:
        give(undated, NAMING)
        assert dates(links, undated) == {"undated": DAY}
        give(undated, NOTHING)
        assert dates(links, undated) == {}

    def test_a_file_that_nobody_changes_any_more_is_only_read(self, undated: Store, tmp_path: Path) -> None:
        give(undated, NAMING)
        path = tmp_path / LINKS_FILE
        with contextlib.closing(Links(path)) as links:
            expected = dates(links, undated), _all(links, undated)
        path.chmod(0o444)
        content = path.read_bytes()
        with contextlib.closing(Links(path, read_only=True)) as links:
            assert (links.dates(), {link for letter in undated.cards for link in links.of(letter)}) == expected
            with pytest.raises(sqlite3.Error):
                links.catch_up(made_empty(undated))
        assert path.read_bytes() == content
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(LINKS_FILE)] == [LINKS_FILE]

    def test_a_file_that_is_compacted_holds_nothing_of_what_went(self, undated: Store, tmp_path: Path) -> None:
        give(undated, QUOTING)
        with contextlib.closing(Links(tmp_path / LINKS_FILE)) as links:
            links.catch_up(undated)
        undated.remove(["other0"])
        links = Links(tmp_path / LINKS_FILE)
        links.catch_up(undated)
        links.close(compact=True)
        assert b"wachtlijst" not in (tmp_path / LINKS_FILE).read_bytes()

    def test_letters_that_were_not_published_are_compared_in_memory(self, undated: Store) -> None:
        give(undated, NAMING)
        with contextlib.closing(Links.of_letters(undated)) as links:
            assert links.dates() == {"undated": DAY}

    def test_without_a_folder_they_are_kept_in_memory(self, undated: Store) -> None:
        give(undated, NAMING)
        with contextlib.closing(Links(None)) as links:
            assert dates(links, undated) == {"undated": DAY}


OLD = (
    "De wachttijd voor schuldhulp is nu elf weken en dat is voor mensen met een dreigende huisuitzetting veel te lang."
)


class TestLinks:
    def test_a_reply_answers_the_letter_of_which_it_gives_the_kenmerk(self, store: Store, links: Links) -> None:
        put(store, made(advice(), "asked"), "1")
        put(store, made(reply("Wij nemen uw advies over."), "answer"), "1")
        assert given_by(links, store, "answer") == [("asked", "replies", "Uw kenmerk: CRV 2020-01")]
        assert [link.giver for link in links.to("asked")] == ["answer"]
        assert links.unresolved("answer") == ()

    @pytest.mark.parametrize(
        "opening",
        [
            "In uw advies van 30 januari 2020 vraagt u aandacht voor de taaleis.",
            "Naar aanleiding van uw brief van 30 januari jl. laten wij u het volgende weten.",
            "Op 3 februari ontvingen wij uw advies d.d. 30-01-2020 over het werkprogramma.",
        ],
    )
    def test_a_reply_answers_the_letter_of_which_it_gives_the_date(
        self, store: Store, links: Links, opening: str
    ) -> None:
        put(store, made(advice(), "asked"), "1")
        put(store, made(advice(date="30 januari 2019", reference="CRV 2019-01"), "older"), "1")
        put(store, made(reply(opening, theirs=""), "answer"), "1")
        assert [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")] == [("asked", "replies")]

    def test_a_reply_to_two_letters(self, store: Store, links: Links) -> None:
        put(store, made(advice(), "one"), "1")
        put(store, made(advice(date="3 februari 2020", reference="CRV 2020-02"), "two"), "1")
        body = "Met deze brief reageren wij op uw adviezen van 30 januari 2020 en 3 februari 2020."
        put(store, made(reply(body, theirs=""), "answer"), "1")
        found = given_by(links, store, "answer")
        assert [(receiver, kind) for receiver, kind, _ in found] == [("one", "replies"), ("two", "replies")]

    def test_a_letter_of_the_council_may_be_an_answer(self, store: Store, links: Links) -> None:
        put(store, made(reply("Wij vragen uw raad om een advies.", theirs=""), "question"), "1")
        body = "Naar aanleiding van uw brief van 3 maart 2020 (kenmerk SD/20/0001) adviseren wij als volgt."
        put(store, made(advice(body, date="1 april 2020"), "advice"), "1")
        assert [(receiver, kind) for receiver, kind, _ in given_by(links, store, "advice")] == [("question", "replies")]

    def test_what_is_only_named_is_not_answered(self, store: Store, links: Links) -> None:
        put(store, made(advice(), "asked"), "1")
        put(store, made(advice(date="4 mei 2019", reference="CRV 2019-03"), "older"), "1")
        body = "Wij reageren op CRV 2020-01. Dat u in uw advies van 4 mei 2019 anders oordeelde, valt ons op."
        put(store, made(reply(body, theirs=""), "answer"), "1")
        put(store, made(advice("Zie ons advies van 30 januari 2020.", date="3 mei 2021"), "later"), "1")
        found = [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")]
        assert found == [("asked", "replies"), ("older", "names")]
        assert given_by(links, store, "later") == [("asked", "names", "ons advies van 30 januari 2020")]

    def test_two_letters_of_one_day_are_told_apart_or_left(self, store: Store, links: Links) -> None:
        put(store, made(advice(reference="CRV 2020-01"), "one"), "1")
        put(store, made(advice(reference="CRV 2020-02"), "two"), "1")
        put(store, made(advice("Zie ons advies van 30 januari 2020.", date="3 mei 2021"), "vague"), "1")
        put(store, made(advice("Zie ons advies CRV 2020-02 van 30 januari 2020.", date="3 mei 2021"), "clear"), "1")
        assert given_by(links, store, "vague") == []
        assert len(links.unresolved("vague")) == 1
        assert [receiver for receiver, *_ in given_by(links, store, "clear")] == ["two"]

    def test_a_letter_that_came_later_is_not_meant(self, store: Store, links: Links) -> None:
        put(store, made(advice(date="3 mei 2021", reference="CRV 2021-05"), "later"), "1")
        put(store, made(advice("Zie ons advies CRV 2021-05.", date="3 mei 2020"), "earlier"), "1")
        assert given_by(links, store, "earlier") == []

    def test_a_letter_of_another_kenmerk_is_not_meant(self, store: Store, links: Links) -> None:
        put(store, made(advice(reference="CRV 2020-01"), "one"), "1")
        put(store, made(advice("Zie ons advies van 30 januari 2020 (CRV 2020-09).", date="3 mei 2021"), "x"), "1")
        assert given_by(links, store, "x") == []

    def test_the_other_side_may_give_a_kenmerk_of_its_own(self, store: Store, links: Links) -> None:
        put(store, made(advice(), "asked"), "1")
        body = "Wij reageren op uw advies van 30 januari 2020 (ons kenmerk Z.123456)."
        put(store, made(reply(body, theirs=""), "answer"), "1")
        assert [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")] == [("asked", "replies")]

    @pytest.mark.parametrize(
        "quoted",
        [
            OLD,
            f"… {OLD[3:]}",
            OLD.replace("schuldhulp is nu elf", "schuldhu1p is nu e1f"),
            OLD.replace("dreigende huisuitzetting", "drei-\ngende huisuitzetting"),
            OLD.replace("is nu elf weken en dat", "(...)"),
        ],
    )
    @pytest.mark.parametrize("lead_in", ["Toen stond er:", "In ons advies van 30 januari 2020 stond:"])
    def test_a_quotation_is_found_by_its_words(self, store: Store, links: Links, lead_in: str, quoted: str) -> None:
        put(store, made(advice(OLD), "old"), "1")
        put(store, made(advice(f"{lead_in} “{quoted}” Dat is zo gebleven.", date="3 mei 2021"), "new"), "1")
        assert ("old", "quotes") in [(receiver, kind) for receiver, kind, _ in given_by(links, store, "new")]
        assert LinkKind.QUOTES in {link.kind for link in links.to("old")}

    def test_who_quotes_the_same_words_is_not_their_origin(self, store: Store, links: Links) -> None:
        put(store, made(advice(OLD), "old"), "1")
        for number, day in enumerate(("3 mei 2021", "4 mei 2022")):
            put(store, made(advice(f"Toen stond er: “{OLD}”", date=day), f"new{number}"), "1")
        assert {link.giver: link.receiver for link in _all(links, store)} == {"new0": "old", "new1": "old"}

    def test_other_words_are_no_quotation(self, store: Store, links: Links) -> None:
        put(store, made(advice(OLD), "old"), "1")
        other = (
            "De wachttijd voor schuldhulp is nu vier weken en dat is voor ouders met jonge kinderen heel goed nieuws."
        )
        put(store, made(advice(f"Er stond: “{other}”", date="3 mei 2021"), "new"), "1")
        assert given_by(links, store, "new") == []

    def test_one_letter_in_two_files_is_one(self, store: Store, links: Links) -> None:
        for name in ("b", "a"):
            put(store, made(advice(), name), "1")
        put(store, made(reply("Wij nemen uw advies over."), "answer"), "1")
        assert [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")] == [("a", "replies")]
        assert links.unresolved("answer") == ()

    def test_a_reference_made_twice_is_unresolved_once(self, store: Store, links: Links) -> None:
        body = "Zie ons advies CRV 2018-07. In ons advies van 3 mei 2018 (CRV 2018-07) staat dat."
        put(store, made(advice(body), "x"), "1")
        given_by(links, store, "x")
        assert len(links.unresolved("x")) == 1

    @pytest.mark.parametrize(
        "opening",
        [
            "Op 30 januari 2020 heeft uw raad ons geadviseerd over het werkprogramma.",
            "Hartelijk dank voor uw advies van 30 januari.",
            "Met belangstelling hebben wij kennisgenomen van uw advies van 30 januari 2020.",
            "Met veel plezier hebben wij uw advies van 30 januari 2020 gelezen.",
            "Uw advies van 30 januari 2020 hebben wij besproken.",
            "Op uw vragen van 30 januari jl. antwoord ik u graag.",
        ],
    )
    def test_an_answer_says_so_in_many_ways(self, store: Store, links: Links, opening: str) -> None:
        put(store, made(advice(), "asked"), "1")
        put(store, made(advice(date="4 mei 2019", reference="CRV 2019-03"), "older"), "1")
        put(store, made(reply(f"{opening} Ook las ik uw advies van 4 mei 2019.", theirs=""), "answer"), "1")
        found = [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")]
        assert found[0] == ("asked", "replies")

    def test_minutes_answer_nothing(self, store: Store, links: Links) -> None:
        put(store, made(advice(), "asked"), "1")
        text = "Verslag overleg Cliëntenraad met wethouder\n\n3 maart 2020\n\nDe wethouder dankt voor het advies CRV 2020-01.\n"
        put(store, made(text, "minutes"), "1")
        assert [kind for _, kind, _ in given_by(links, store, "minutes")] == ["names"]

    @pytest.mark.parametrize(
        ("lead_in", "quoted", "expected"),
        [
            ("In ons advies van 30 januari 2020 schreven wij:", "De wachttijd is veel te lang.", True),
            ("In CRV 2020-01 stond:", "De wachttijd is veel te lang.", True),
            ("In ons advies van 3 mei 2018 schreven wij:", "De wachttijd is veel te lang.", False),
            ("Toen schreven wij:", "De wachttijd is veel te lang.", False),
            ("In ons advies van 30 januari 2020 schreven wij:", "De wachttijd is nu prima.", False),
        ],
    )
    def test_a_short_quotation_is_found_in_the_letter_that_is_named(
        self, store: Store, links: Links, lead_in: str, quoted: str, expected: bool
    ) -> None:
        put(
            store,
            made(advice(f"{lead_in} “{quoted}” Dat is zo.", date="3 mei 2021", reference="CRV 2021-09"), "new"),
            "1",
        )
        links.catch_up(store)
        put(store, made(advice("De wachttijd is veel te lang."), "old"), "1")
        kinds = [kind for receiver, kind, _ in given_by(links, store, "new") if receiver == "old"]
        assert ("quotes" in kinds) == expected

    def test_words_quoted_within_a_quotation_are_not_quoted_twice(self, store: Store, links: Links) -> None:
        old = f"{OLD} Men spreekt van ‘een mooie kans op werk’ en daar blijft het bij."
        put(store, made(advice(old), "old"), "1")
        put(store, made(advice(f"In ons advies van 30 januari 2020 stond: “{old}”", date="3 mei 2021"), "new"), "1")
        kinds = [kind for _, kind, _ in given_by(links, store, "new")]
        assert kinds == ["names", "quotes"]

    @pytest.mark.parametrize("others", [0, 1])
    def test_a_reply_that_only_has_the_subject_answers_the_one_letter_with_it(
        self, store: Store, links: Links, others: int
    ) -> None:
        for number in range(1 + others):
            put(
                store,
                made(advice(reference=f"CRV 2020-0{number + 1}", date=f"{number + 1} januari 2020"), f"asked{number}"),
                "1",
            )
        put(store, made(reply("Wij nemen uw advies over.", theirs=""), "answer"), "1")
        found = [(receiver, kind) for receiver, kind, _ in given_by(links, store, "answer")]
        assert found == ([] if others else [("asked0", "replies")])


def _all(links: Links, store: Store) -> set[Link]:
    links.catch_up(store)
    return {link for letter in store.cards for link in links.of(letter)}


TEXTS = (
    UNDATED,
    QUOTING,
    NAMING,
    OTHERWISE,
    NOTHING,
    ANSWERING,
    advice(LONG_QUOTE, reference="CRV 2016-05"),
    advice(LONG_QUOTE, reference="CRV 2016-04", date="22 september 2016"),
)
_changes = st.lists(
    st.tuples(st.integers(0, 4), st.none() | st.integers(0, len(TEXTS) - 1), st.booleans()), max_size=10
)


@settings(max_examples=15, deadline=None)
@given(_changes)
def test_what_is_remembered_is_what_is_read_anew(changes: list[tuple[int, int | None, bool]]) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        opened(Path(name) / "data") as store,
        contextlib.closing(Links(Path(name) / "remembered")) as remembered,
        contextlib.closing(Links(None)) as anew,
    ):
        for number, text, look in changes:
            if text is None:
                store.remove([f"letter{number}"])
            else:
                put(store, made(TEXTS[text], f"letter{number}"), str(text))
            if look:
                remembered.catch_up(store)
        assert dates(remembered, store) == dates(anew, store)
        assert _all(remembered, store) == _all(anew, store)
        for letter in store.cards:
            assert remembered.unresolved(letter) == anew.unresolved(letter)
            received = {link for link in _all(anew, store) if link.receiver == letter}
            assert set(remembered.to(letter)) == received
            assert remembered.answering(letter) == {link.giver for link in received if link.kind is LinkKind.REPLIES}


def test_threads_that_read_one_file_of_links_at_once_see_what_one_sees(links: Links, store: Store) -> None:
    give(store, *TEXTS)
    links.catch_up(store)
    letters = list(store.cards) * 20
    alone = [(links.of(letter), links.to(letter), links.answering(letter)) for letter in letters]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: (links.of(each), links.to(each), links.answering(each)), letters))
    assert together == alone
    assert any(answers for _, _, answers in alone)
