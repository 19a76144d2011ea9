"""What the page shows: everything escaped, marks where they belong, every word in both languages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from assistant.answers.answer import Answer, Language, Progress, Result, Statement
from assistant.answers.highlight import find_quotations, paragraphs, tag
from assistant.answers.phrasing import word_search
from assistant.answers.written_answer import Destination, Dropped, Fault, Writing
from assistant.web import render
from assistant.web.state import Failure, Overview, Turn, filters_of
from prompts.wording import load_wording
from tests.assistant.web.scripted import (
    AWAY,
    DROPPED,
    LOCAL,
    PROBLEM,
    REPEATED,
    STRANGE,
    WAITING,
    ScriptedAssistant,
)
from tests.letters import ADVICE, HOSTILE, SUMMARY, WAITING_LISTS, new_passage
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable, WrongUse
from vectorstore.letters import Citation, DateBasis, Filters, Kind, Precision, Voice

DUTCH, ENGLISH = load_wording("chat", "nl"), load_wording("chat", "en")
TEXTS = st.text(st.sampled_from("ab <>&\"'“”\n{}$`*é€😀"), max_size=80)


class Reader(HTMLParser):
    """Reads HTML as a browser does: the elements, the text, and the text inside marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self._depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes.extend(name for name, _ in attrs)
        if tag == "mark":
            self._depth += 1
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._depth:
            self.marked[-1] += data


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=4))
def test_a_text_shown_is_the_text_and_its_marks_are_what_was_to_be_marked(
    text: str, spans: list[tuple[int, int]]
) -> None:
    read = Reader(str(paragraphs(text, spans)))
    wanted = {at for start, end in spans for at in range(max(0, start), min(end, len(text)))}
    blank = {at for gap in re.finditer(r"\n{2,}", text) for at in range(*gap.span())}
    assert read.text == text
    assert "".join(read.marked) == "".join(text[at] for at in sorted(wanted - blank))
    assert set(read.elements) <= {"p", "mark"}


@given(TEXTS, TEXTS)
def test_a_quote_is_found_wherever_its_words_stand(before: str, quote: str) -> None:
    spans = find_quotations(f"{before} {quote}", [quote])
    assert bool(spans) == bool(quote.split())
    assert Reader(str(tag(before + quote, spans, Markup("<q>{}</q>")))).text == before + quote


@given(st.data())
def test_the_mark_in_a_passage_and_in_the_letter_is_the_quote(data: st.DataObject) -> None:
    text = data.draw(TEXTS.filter(str.strip))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    if not cuts[1] < cuts[2]:
        return
    cited = Citation(new_passage(text, cuts[0], cuts[3]), cuts[1], cuts[2])
    quote = re.sub(r"\n{2,}", "", cited.quote)
    assert "".join(Reader(str(render.passage(cited, mark=True))).marked).replace("\n", "") == quote.replace("\n", "")
    assert Reader(str(render.passage(cited, mark=False))).text == cited.passage.text
    assert "".join(Reader(str(render.whole_text(cited))).marked).replace("\n", "") == quote.replace("\n", "")


def _overview(assistant: ScriptedAssistant) -> Overview:
    return Overview(
        assistant.searched(),
        (*assistant.examples(Language.DUTCH), HOSTILE),
        tuple(assistant.cards()),
        tuple(assistant.unreadable()),
    )


_WRITING = Writing(HOSTILE, (Dropped(HOSTILE, Fault.UNSUPPORTED),), problem=HOSTILE)


def _statements(question: str = "vreemd") -> tuple[Statement, ...]:
    answer = ScriptedAssistant().ask(question)
    assert isinstance(answer, Answer)
    return answer.statements


def _every_part() -> list[str]:
    """All there is to show, with a hostile letter, question, file and error."""
    assistant = ScriptedAssistant()
    answered = Turn(1, HOSTILE, assistant.ask("vreemd"))
    turns = (
        answered,
        Turn(2, HOSTILE, assistant.ask("iets anders")),
        Turn(3, HOSTILE, Failure("failure_archive", HOSTILE)),
        Turn(4, HOSTILE, replace(assistant.ask("vreemd"), standalone_question=HOSTILE * 2, writing=_WRITING)),
        Turn(5, HOSTILE, Progress(HOSTILE * 2, Language.DUTCH, _statements(), (STRANGE.letter,), begun=True)),
    )
    elsewhere = Destination(HOSTILE, HOSTILE, local=False)
    overview = _overview(assistant)
    return [
        render.welcome(overview, DUTCH),
        render.conversation((*turns, Turn(6, HOSTILE)), DUTCH),
        render.sources(turns, DUTCH),
        render.letter(STRANGE, DUTCH),
        render.filters(overview, DUTCH),
        render.colophon(overview, DUTCH, elsewhere),
        render.privacy(DUTCH, elsewhere),
    ]


def test_nothing_from_a_letter_or_a_member_becomes_an_element_or_an_attribute() -> None:
    for part in _every_part():
        read = Reader(part)
        assert not {"script", "img", "b"} & set(read.elements)
        assert not {name for name in read.attributes if name.startswith("on")}
        assert "<script>window.hacked = true</script>" in read.text or "<b>oud</b>" in read.text


def test_each_statement_is_followed_by_links_to_its_own_sources() -> None:
    answer = ScriptedAssistant().ask("wachttijden")
    assert isinstance(answer, Answer)
    turn = Turn(7, "wachttijden", answer)
    said = render.conversation((turn,), DUTCH)
    statements = re.findall(r'<p class="statement".*?</p>', said, re.S)
    assert [re.findall(r'href="#(.*?)"', one) for one in statements] == [
        ["source-7-1", "source-7-2"],
        ["source-7-3"],
        ["source-7-4"],
    ]
    cards = re.findall(r'class="card" id="(.*?)"', render.sources((turn,), DUTCH))
    assert cards == [f"source-7-{number}" for number in range(1, 5)]


def test_only_the_quoted_words_of_a_statement_are_set_apart() -> None:
    answer = ScriptedAssistant().ask("wachttijden")
    assert isinstance(answer, Answer)
    assert re.findall(r"<q.*?>(.*?)</q>", render.quote_apart(answer.statements[0])) == [f"“{WAITING.quote}”"]


def test_a_refusal_shows_the_nearest_passages_as_no_answer_and_unmarked() -> None:
    turn = Turn(1, "iets", ScriptedAssistant().ask("iets"))
    shown = render.sources((turn,), DUTCH)
    assert "Dit komt er het dichtst bij — geen antwoord" in shown
    assert "<mark>" not in shown
    assert 'class="number"' not in shown


def test_only_the_sources_of_the_last_turn_are_shown_at_first() -> None:
    assistant = ScriptedAssistant()
    turns = tuple(Turn(number, "wacht", assistant.ask("wacht")) for number in (1, 2, 3))
    assert re.findall(r'data-turn="(\d)"( hidden)?>\s*<h3>', render.sources(turns, DUTCH)) == [
        ("1", " hidden"),
        ("2", " hidden"),
        ("3", ""),
    ]


def test_what_is_being_written_has_its_markers_and_its_sources_at_once() -> None:
    turn = Turn(2, "wacht", Progress("wacht", Language.DUTCH, _statements("wacht")[:1], begun=True))
    said = render.conversation((turn,), DUTCH)
    assert re.findall(r'data-source href="#(.*?)"', said) == ["source-2-1", "source-2-2"]
    assert re.findall(r'class="card" id="(.*?)"', render.sources((turn,), DUTCH)) == ["source-2-1", "source-2-2"]
    assert 'data-state="pending"' in said


@pytest.mark.parametrize(
    ("outcome", "dutch", "english"),
    [
        (None, "Ik zoek in de brieven…", "Searching the letters…"),
        (Progress("wacht", Language.DUTCH), "Ik wacht op het taalmodel…", "Waiting for the language model…"),
        (
            Progress("wacht", Language.DUTCH, begun=True),
            "Het taalmodel schrijft een antwoord. Elke zin wordt eerst gecontroleerd.",
            "The language model is writing an answer. Every sentence is checked first.",
        ),
        (
            Progress("wacht", Language.DUTCH, reading=(ADVICE, ADVICE, SUMMARY), begun=True),
            "Het leest nu: Advies CWI 2019-03, Samenvatting<",
            "It is reading: Advice CWI 2019-03, Summary<",
        ),
    ],
    ids=["searching", "waiting", "writing", "reading"],
)
def test_what_is_being_done_for_an_answer_is_told(outcome: Progress | None, dutch: str, english: str) -> None:
    assert dutch in render.conversation((Turn(1, "wacht", outcome),), DUTCH)
    assert english in render.conversation((Turn(1, "wacht", outcome),), ENGLISH)


@pytest.mark.parametrize("course", ["done", "stopped", "problem"])
@pytest.mark.parametrize("question", ["wacht", "iets"])
@pytest.mark.parametrize("engine", ["extractive", "mistral"])
def test_an_answer_says_what_a_model_had_to_do_with_it(engine: str, question: str, course: str) -> None:
    problem = PROBLEM if course == "problem" else None
    writing = Writing("mistral", problem=problem, stopped=course == "stopped")
    outcome: Result = replace(ScriptedAssistant().ask(question), engine=engine, writing=writing)
    said = render.writing_course(outcome, DUTCH)
    quoted = isinstance(outcome, Answer) and engine == "extractive"
    assert ("Daarom ziet u zinnen uit de brieven zelf" in said) is quoted
    assert ("U hebt het taalmodel gestopt" in said) is (course == "stopped")
    assert (PROBLEM in render.conversation((Turn(1, question, outcome),), DUTCH)) is (course == "problem")
    assert render.writing_course(outcome, ENGLISH) != said
    assert render.writing_course(replace(outcome, writing=None), DUTCH) == ""


def test_sentences_left_out_are_shown_apart_with_the_reason_for_each() -> None:
    writing = Writing("mistral", tuple(Dropped(f"Zin {fault}.", fault) for fault in Fault))
    turn = Turn(1, "wacht", replace(ScriptedAssistant().ask("wacht"), engine="mistral", writing=writing))
    for language in (DUTCH, ENGLISH):
        before, apart = render.conversation((turn,), language).split('<details id="dropped-1">')
        assert not any(f"Zin {fault}." in before for fault in Fault)
        assert all(f"Zin {fault}." in apart and language[f"fault_{fault}"] in apart for fault in Fault)
    one = replace(writing, dropped=DROPPED[:1])
    assert "1 zin van" in render.conversation((replace(turn, outcome=replace(turn.outcome, writing=one)),), DUTCH)


@pytest.mark.parametrize(
    ("destination", "dutch", "english"),
    [
        (None, "Er gaat niets naar internet.", "Nothing goes to the internet."),
        (LOCAL, "7&lt;/b&gt;, op dezelfde computer", "7&lt;/b&gt;, on the same computer"),
        (AWAY, "7&lt;/b&gt; bij taal.example.org.", "7&lt;/b&gt; at taal.example.org."),
    ],
    ids=["no model", "here", "elsewhere"],
)
def test_where_a_question_goes_is_said_beside_it_and_at_the_bottom(
    destination: Destination | None, dutch: str, english: str
) -> None:
    overview = _overview(ScriptedAssistant())
    for language, line in ((DUTCH, dutch), (ENGLISH, english)):
        assert line in render.privacy(language, destination)
        bottom = render.colophon(overview, language, destination)
        leaves = destination is not None and not destination.local
        assert (language["privacy_here"] in bottom) is not leaves
        assert ("taal.example.org" in bottom) is leaves


def test_a_question_that_was_understood_otherwise_can_be_changed() -> None:
    outcome = ScriptedAssistant().ask("En daarna?", history=["Wat zei de raad?"])
    shown = render.conversation((Turn(1, "En daarna?", outcome), Turn(2, "  Wat   dan? ", None)), DUTCH)
    assert re.findall(r'data-adjust="(.*?)"', shown) == ["Wat zei de raad? En daarna?"]


@pytest.mark.parametrize(
    ("one", "dutch", "english"),
    [
        (ADVICE, "11 april 2019", "11 April 2019"),
        (
            REPEATED.letter,
            "25 juni 2019 (afgeleid uit een andere brief)",
            "25 June 2019 (inferred from another letter)",
        ),
        (
            SUMMARY,
            "2 februari 2021 (volgens de lijst bij het archief)",
            "2 February 2021 (from the list with the archive)",
        ),
        (STRANGE.letter, "datum onbekend", "date unknown"),
        (
            replace(ADVICE, filed=ADVICE.date, date_basis=DateBasis.FILE),
            "11 april 2019 (datum van het bestand)",
            "11 April 2019 (date of the file)",
        ),
        (replace(ADVICE, date_precision=Precision.MONTH), "april 2019", "April 2019"),
        (replace(ADVICE, date_precision=Precision.YEAR), "2019", "2019"),
    ],
    ids=["stated", "inferred", "manifest", "unknown", "file", "month", "year"],
)
def test_a_date_says_what_it_rests_on(one: object, dutch: str, english: str) -> None:
    assert isinstance(one, type(ADVICE))
    cited = Citation(new_passage(one), 0, 5)
    assert f"<dd>{dutch}</dd>" in render.letter(cited, DUTCH)
    assert f"<dd>{english}</dd>" in render.letter(cited, ENGLISH)


@pytest.mark.parametrize("confidence", [None, 0.63, 0.97])
def test_words_read_from_a_scan_say_so_and_warn_when_unsure(confidence: float | None) -> None:
    scanned = replace(ADVICE, confidence=(confidence, None) if confidence else ())
    shown = render.letter(Citation(new_passage(scanned), 0, 5), DUTCH)
    assert ("zekerheid" in shown) is (confidence is not None)
    assert ("63%" in shown and "Vergelijk met het origineel" in shown) is (confidence == 0.63)


def test_words_quoted_from_another_letter_name_their_speaker_and_origin() -> None:
    assert render.speaker(REPEATED, DUTCH) == "de Cliëntenraad, aangehaald uit het advies van 11 april 2019"


def test_an_answer_says_which_choices_narrowed_it() -> None:
    answer = ScriptedAssistant().ask(
        "wacht", Filters(author=Voice.EXECUTIVE, since=dt.date(2019, 1, 1), letter="Z <i>")
    )
    assert isinstance(answer, Answer)
    assert word_search(answer.searched, answer.filters, DUTCH) == (
        "Gezocht in 4 brieven van 2019 tot en met 2021. "
        "Alleen: geschreven door het college van B&W; de brief Z <i>; vanaf 1 januari 2019. "
        "2 bestanden konden niet worden gelezen."
    )
    alone = replace(answer, filters=Filters(), searched=replace(answer.searched, letters=1, unreadable=0, since=None))
    assert word_search(alone.searched, alone.filters, DUTCH) == "Gezocht in 1 brief."


def test_an_empty_archive_explains_how_to_fill_it() -> None:
    empty = _overview(ScriptedAssistant(()))
    assert "raadsgeheugen ingest MAP" in render.welcome(empty, DUTCH)
    assert "raadsgeheugen ingest FOLDER" in render.welcome(empty, ENGLISH)


def test_choices_become_filters() -> None:
    chosen = {
        "author": "executive",
        "voice": "",
        "kind": "reply",
        "since": "2019",
        "until": "2020",
        "letter": "Z19",
    }
    assert filters_of(chosen) == Filters(
        author=Voice.EXECUTIVE,
        kind=Kind.REPLY,
        since=dt.date(2019, 1, 1),
        until=dt.date(2020, 12, 31),
        letter="Z19",
    )
    assert not filters_of({})


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({"since": "2021", "until": "2019"}, "begins before it ends"),
        ({"author": "de buurman"}, "not a valid Voice"),
        ({"since": "0"}, "year"),
    ],
)
def test_choices_that_mean_nothing_are_refused(chosen: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        filters_of(chosen)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (ArchiveUnavailable("Stuk."), "failure_archive_unavailable"),
        (ArchiveMismatch("Anders."), "failure_archive_mismatch"),
        (WrongUse("Leeg."), "failure_wrong_use"),
        (RuntimeError("geheim"), "failure_program"),
    ],
)
def test_an_error_has_words_in_both_languages_and_no_inner_workings(error: Exception, key: str) -> None:
    failure = Failure.of(error)
    assert failure.key == key
    assert key in DUTCH
    assert "geheim" not in failure.details


def test_the_letters_of_the_archive_can_be_chosen_by_name() -> None:
    shown = render.filters(_overview(ScriptedAssistant(WAITING_LISTS)), DUTCH)
    assert "CWI 2019-03 · 11 april 2019 · Advies over de wachttijden bij schuldhulp</option>" in shown
    assert re.findall(r'<option value="(\d{4})"', shown) == ["2019", "2021"] * 2
