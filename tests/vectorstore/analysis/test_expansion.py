from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import assert_table
from vectorstore.analysis.dutch import DATA, STOPWORDS, Analyser, tokens
from vectorstore.analysis.expansion import AS_ASKED, JOINED, PARTS, SYNONYM, TRANSLATED, Concept, Expander, Thesaurus

HERE = Path(__file__).parent


TABLES = ("glossary.tsv", "synonyms.tsv", "abbreviations.tsv")


def concepts_of(expander: Expander, question: str, english: bool = False) -> tuple[Concept, ...]:
    return expander.concepts(tuple(tokens(question)), english)


@pytest.fixture(scope="session")
def expander(analyser: Analyser) -> Expander:
    return Expander(analyser, Thesaurus())


def ways(concept: Concept) -> set[str]:
    """Its alternatives as folded words."""
    return {" ".join(word.surface for word in alternative.words) for alternative in concept.alternatives}


def concept_of(expander: Expander, question: str, surface: str, english: bool = False) -> Concept:
    return next(concept for concept in concepts_of(expander, question, english) if concept.surface == surface)


def test_english_is_translated_and_abbreviations_go_both_ways(expander: Expander) -> None:
    def is_found(english: str, question: str, surface: str, found: str) -> bool:
        return found in ways(concept_of(expander, question, surface, english=english == "yes"))

    assert_table(HERE / "expansions.tsv", is_found)


def test_inflected_english_is_looked_up_as_its_base(expander: Expander) -> None:
    def is_known(word: str, known: str) -> bool:
        inflected, base = (ways(concepts_of(expander, form, True)[0]) for form in (word, known))
        return bool(base - {known}) and base - {known} <= inflected

    assert_table(HERE / "english_forms.tsv", is_known)


def test_irregular_and_derived_english_is_translated(expander: Expander) -> None:
    def is_translated(word: str, dutch: str) -> bool:
        (concept,) = concepts_of(expander, word, True)
        stems = {word.stem for alternative in concept.alternatives[1:] for word in alternative.words}
        return expander.analyser.stem(dutch) in stems

    assert_table(HERE / "english_stems.tsv", is_translated)


def test_a_dutch_question_may_hold_english(expander: Expander) -> None:
    assert "armoedeval" in ways(concept_of(expander, "standpunt over de poverty trap", "poverty trap"))


@pytest.mark.parametrize(("word", "english"), [("as", True), ("had", True), ("will", True), ("as", False)])
def test_function_words_are_those_of_the_language(expander: Expander, word: str, english: bool) -> None:
    found = [concept.surface for concept in concepts_of(expander, f"{word} uitstrooien", english)]
    assert (word in found) is not english


def test_english_without_translation_is_searched_for_as_it_is(expander: Expander) -> None:
    (concept,) = concepts_of(expander, "the armoedeval", True)
    assert "armoedeval" in ways(concept)


def test_every_abbreviation_goes_both_ways() -> None:
    thesaurus = Thesaurus()
    for short, long in rows("abbreviations.tsv"):
        for phrase in long.split("|"):
            key = " ".join(tokens(short))
            assert phrase.strip() in thesaurus.lookup(key, english=False), short
            assert key in thesaurus.lookup(" ".join(tokens(phrase)), english=False), phrase


def test_lay_words_find_the_official_ones(expander: Expander) -> None:
    assert "afschaffing" in ways(concepts_of(expander, "afgeschaft")[0])


def test_the_longest_phrase_wins(expander: Expander) -> None:
    surfaces = [concept.surface for concept in concepts_of(expander, "additional earnings and earnings", True)]
    assert surfaces == ["additional earnings", "earnings"]


@pytest.mark.parametrize("question", ["armoede val", "de armoede val in"])
def test_neighbours_are_also_joined(expander: Expander, question: str) -> None:
    for word in ("armoede", "val"):
        joined = [a for a in concept_of(expander, question, word).alternatives if a.weight == JOINED]
        assert "armoedeval" in {word.surface for alternative in joined for word in alternative.words}


def test_neighbours_with_a_linking_s(expander: Expander) -> None:
    assert "inkomensgrens" in ways(concept_of(expander, "inkomen grens", "inkomen"))


def test_function_words_and_numbers_are_not_joined(expander: Expander) -> None:
    for question in ("voor armoede", "armoede 2020"):
        assert not [a for c in concepts_of(expander, question) for a in c.alternatives if a.weight == JOINED]


def test_a_compound_is_also_searched_for_by_its_parts(expander: Expander) -> None:
    alternatives = concept_of(expander, "taaleis", "taaleis").alternatives
    assert [[word.stem for word in a.words] for a in alternatives if a.weight == PARTS] == [["tal", "eis"]]


def test_the_questions_own_words_come_first(expander: Expander) -> None:
    for concept in concepts_of(expander, "Wat vond de raad van de armoedeval en de schulden van gezinnen?"):
        assert concept.alternatives[0].weight == AS_ASKED
        assert " ".join(word.surface for word in concept.alternatives[0].words) == concept.surface


def test_without_a_thesaurus_only_the_questions_own_words(analyser: Analyser) -> None:
    weights = {
        a.weight for c in concepts_of(Expander(analyser, None), "het college van B&W over WW") for a in c.alternatives
    }
    assert not weights & {SYNONYM, TRANSLATED}


def test_strength_wants_all_words_of_an_alternative(expander: Expander) -> None:
    concept = concept_of(expander, "taaleis", "taaleis")
    assert concept.strength({"taaleis"}) == AS_ASKED
    assert concept.strength({"tal", "eis"}) == PARTS
    assert concept.strength({"tal"}) == 0.0


def test_function_words_alone_are_no_concept(expander: Expander) -> None:
    assert concepts_of(expander, "wat is dat en wie is het") == ()


@given(st.text(max_size=80), st.booleans())
def test_any_question_gives_concepts_that_can_be_searched_for(expander: Expander, question: str, english: bool) -> None:
    for concept in concepts_of(expander, question, english):
        assert concept.alternatives
        assert all(alternative.words and 0 < alternative.weight <= AS_ASKED for alternative in concept.alternatives)
        assert all(word.stem for alternative in concept.alternatives for word in alternative.words)


def rows(table: str) -> list[tuple[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as lines:
        found = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    assert all(len(row) == 2 for row in found)
    return [(row[0], row[1]) for row in found]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_two_columns_and_no_line_twice(table: str) -> None:
    lefts = [" ".join(tokens(phrase)) for left, _ in rows(table) for phrase in left.split("|")]
    assert all(lefts)
    assert sorted({left for left in lefts if lefts.count(left) > 1}) == []
    assert all(phrase.strip() and tokens(phrase) for _, right in rows(table) for phrase in right.split("|"))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_nothing_that_is_already_said(table: str) -> None:
    for left, right in rows(table):
        phrases = [phrase.strip() for phrase in right.split("|")]
        assert len(set(phrases)) == len(phrases), left
        assert table == "glossary.tsv" or left not in phrases


def test_a_table_is_not_keyed_by_function_words_alone() -> None:
    for left, _ in rows("synonyms.tsv"):
        assert not {word for phrase in left.split("|") for word in [" ".join(tokens(phrase))]} & STOPWORDS, left


def test_the_glossary_of_the_field_is_large() -> None:
    assert sum(len(left.split("|")) for left, _ in rows("glossary.tsv")) >= 400


def test_tables_of_another_folder(tmp_path: Path, analyser: Analyser) -> None:
    for table in TABLES:
        (tmp_path / table).write_text("links\trechts\nb-tje | klein beetje\tiets | wat kleins\n", encoding="utf-8")
    (tmp_path / "forms.tsv").write_text("form\tbase\n", encoding="utf-8")
    (tmp_path / "dictionary.tsv.gz").write_bytes((DATA / "dictionary.tsv.gz").read_bytes())
    thesaurus = Thesaurus(tmp_path)
    assert thesaurus.lookup("klein beetje", english=False)[:2] == ("iets", "wat kleins")
    assert thesaurus.lookup("b-tje", english=True) == ("iets", "wat kleins")
