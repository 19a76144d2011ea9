"""What holds of what a model wrote, over letters in which everything is known."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers.answer import Language, Statement
from assistant.answers.written_answer import Claim, Dropped, Fault, Quote
from assistant.assistant import Assistant
from assistant.evidence.coverage import TextReader
from assistant.verification.assertions import assertions_in
from assistant.verification.contradiction import flips
from assistant.verification.quotations import stretches_in, without
from assistant.verification.verifier import Verifier
from ingest.language.quantities import figures_in
from ingest.language.sentences import is_connected
from tests.letters import SWIMMING, new_passage
from tests.tables import assert_table

HERE = Path(__file__).parent

OFFERED = {name: new_passage(held, id=f"{held.id}-1-0") for name, held in SWIMMING.items()}


@pytest.fixture(scope="session")
def verifier(assistant: Assistant) -> Verifier:
    return Verifier(assistant.archive, TextReader(assistant.archive.analyser))


def judged(
    verifier: Verifier, text: str, passages: str, language: Language = Language.DUTCH
) -> list[Statement | Dropped]:
    return verifier.verified(Claim(text, tuple(passages.split())), OFFERED, language)


def faults(entries: Sequence[Statement | Dropped]) -> list[Fault]:
    return [each.fault for each in entries if isinstance(each, Dropped)]


def test_honest_sentences_pass_unchanged_and_dishonest_ones_are_dropped(verifier: Verifier) -> None:
    def is_judged(case: str, passages: str, fault: str, text: str) -> bool:
        [entry] = judged(verifier, text, passages)
        if fault:
            return entry == Dropped(text.replace(" [z1z1]", ""), Fault(fault))
        cited = {OFFERED[name] for name in passages.split()}
        assert isinstance(entry, Statement), entry
        return entry.text == text and {citation.passage for citation in entry.citations} == cited

    assert_table(HERE / "claims.tsv", is_judged)


@pytest.mark.parametrize(
    "text",
    [
        "The council advises not to increase the contribution for the swimming pool.",
        "The municipality offers a discount of 40 per cent to families with a minimum income.",
    ],
)
def test_honest_english_sentences_pass(verifier: Verifier, text: str) -> None:
    assert not faults(judged(verifier, text, "k7f3" if "council" in text else "m2q8", Language.ENGLISH))


def test_words_between_quotation_marks_are_cut_from_the_letter(verifier: Verifier) -> None:
    [entry] = judged(verifier, 'De raad schreef: "een brief in gewoene taal helpt meer dan een folder".', "k7f3")
    assert isinstance(entry, Statement)
    assert entry.text == 'De raad schreef: "Een brief in gewone taal helpt meer dan een folder".'
    assert entry.citations[0].quote == "Een brief in gewone taal helpt meer dan een folder"


def test_a_quotation_that_breaks_off_before_its_denial_is_gone(verifier: Verifier) -> None:
    assert faults(judged(verifier, "De raad schreef: “Sluit het zwembad in de Lindewijk”.", "k7f3")) == [
        Fault.QUOTATION
    ]


def test_evidence_that_a_claim_quotes_must_stand_in_the_letter(verifier: Verifier) -> None:
    text = "De raad adviseert de bijdrage voor het zwembad niet te verhogen."
    held = Claim(text, ("k7f3",), (Quote("k7f3", "de bijdrage voor het zwembad niet te verhogen"),))
    [entry] = verifier.verified(held, OFFERED, Language.DUTCH)
    assert isinstance(entry, Statement)
    assert [citation.quote for citation in entry.citations] == ["de bijdrage voor het zwembad niet te verhogen"]
    made_up = Claim(text, ("k7f3",), (Quote("k7f3", "de bijdrage voor het zwembad nooit te verlagen"),))
    assert faults(verifier.verified(made_up, OFFERED, Language.DUTCH)) == [Fault.QUOTATION]


def test_names_of_passages_and_markup_are_taken_out(verifier: Verifier) -> None:
    text = "**De raad** is tegen een hogere bijdrage voor het zwembad [k7f3] (passage k7f3) [1]."
    assert [each.text for each in judged(verifier, text, "k7f3")] == [
        "De raad is tegen een hogere bijdrage voor het zwembad."
    ]


def test_a_sentence_that_leans_on_one_that_is_dropped_goes_too(verifier: Verifier) -> None:
    text = (
        "De raad vraagt 900 gratis abonnementen. Dat kan een gezin niet betalen. Een abonnement kost 85 euro per maand."
    )
    entries = judged(verifier, text, "k7f3")
    assert faults(entries) == [Fault.NUMBER, Fault.LEANING]
    assert isinstance(entries[-1], Statement)


def test_what_leans() -> None:
    assert is_connected("Daarom vraagt de raad meer.")
    assert is_connected("This is refused.")
    assert not is_connected("De raad vraagt meer.")


def test_brackets_that_are_no_names_stay() -> None:
    assert assertions_in("De wet (2015) geldt [sic]. Zie ook de bijlage.", {"k7f3"}) == (
        ["De wet (2015) geldt [sic].", "Zie ook de bijlage."],
        frozenset(),
    )


_PIECES = st.sampled_from(
    [
        *" ".join(held.text for held in SWIMMING.values()).split(), "“", "”", '"', "'", "‘", "’", "niet", "geen", "[k7f3]", "[", "]", "(m2q8)", "**", "\n",
        "12", "1.250,50", "€", "%", "2019", "mei", "helft", "tweeduizend", "http://x.nl", "Ünïcødé", "\x00", "…", "De raad zegt:", "#", "½",
    ]
)  # fmt: skip
_TEXT = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=25).map(" ".join))
_NAMES = st.lists(st.sampled_from([*OFFERED, "z1z1"]), max_size=3).map(tuple)
_QUOTES = st.lists(st.builds(Quote, st.sampled_from(list(OFFERED)), _TEXT), max_size=1).map(tuple)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXT, passages=_NAMES, quotes=_QUOTES, language=st.sampled_from(Language))
def test_whatever_comes_in_what_comes_out_stands_in_the_letters(
    verifier: Verifier, text: str, passages: tuple[str, ...], quotes: tuple[Quote, ...], language: Language
) -> None:
    for entry in verifier.verified(Claim(text, passages, quotes), OFFERED, language):
        if isinstance(entry, Dropped):
            continue
        cited = {citation.passage for citation in entry.citations}
        assert cited <= set(OFFERED.values())
        held = " ".join(f"{each.letter.text} {each.letter.subject} {each.letter.reference}" for each in cited)
        stretches = stretches_in(entry.text)
        for stretch in stretches:
            assert " ".join(stretch.words.split()) in " ".join(held.split())
        known = {number.value for number in figures_in(held).quantities}
        for number in figures_in(without(entry.text, stretches)).quantities:
            assert number.value in known


_SENTENCE = "Wij adviseren u de bijdrage voor het zwembad niet te verhogen."


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 10),
    word=st.one_of(
        st.sampled_from(sorted(set(re.findall(r"\w+", SWIMMING["m2q8"].text)))),
        st.text("abcdeghiklnorstuvz", min_size=1, max_size=9),
    ),
)
def test_a_changed_word_of_a_quotation_never_survives(verifier: Verifier, place: int, word: str) -> None:
    words = _SENTENCE.split()
    changed = [*words[:place], word, *words[place + 1 :]]
    for entry in judged(verifier, f"De raad schreef: “{' '.join(changed)}”", "k7f3"):
        if isinstance(entry, Statement):
            assert _SENTENCE.rstrip(".") in entry.text


def test_a_statement_costs_a_few_milliseconds(verifier: Verifier) -> None:
    texts = [
        f"De raad adviseert de bijdrage voor het zwembad niet te verhogen met {number} euro." for number in range(20)
    ]
    judged(verifier, texts[0], "k7f3 m2q8")
    begun = time.perf_counter()
    for text in texts:
        judged(verifier, text, "k7f3 m2q8")
    assert (time.perf_counter() - begun) / len(texts) < 0.1


def test_words_taken_over_but_for_a_denial(assistant: Assistant) -> None:
    stem = assistant.archive.analyser.stem
    assert_table(HERE / "denials.tsv", lambda clause, held, flipped: flips(clause, held, stem) is (flipped == "yes"))
