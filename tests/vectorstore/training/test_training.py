"""The real training code on made-up pairs: it loads, it repeats exactly, and translations come close."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.training import Settings, save_model, train_model, vocabulary_of
from vectorstore.training.glosses import Glosser, lemmas
from vectorstore.training.pairs import families
from vectorstore.training.sources import Article, DictionaryEntry, Sources, articles_of, read_dictionary, read_domain

SENTENCES = (
    ("The cat sleeps in the garden.", "De kat slaapt in de tuin."),
    ("The dog walks along the river.", "De hond loopt langs de rivier."),
    ("My sister reads a long book.", "Mijn zus leest een lang boek."),
    ("Our neighbour sells fresh bread.", "Onze buurman verkoopt vers brood."),
    ("The teacher opens the window.", "De leraar opent het raam."),
    ("Children play outside after school.", "Kinderen spelen buiten na school."),
)
ENTRIES = (
    DictionaryEntry("benefit", "money from the state", ("uitkering",)),
    DictionaryEntry("poverty", "", ("armoede",)),
    DictionaryEntry("advice", "", ("advies", "raad")),
    DictionaryEntry("garden", "", ("tuin",)),
)
LAW = (
    Article("Wet op de uitkering", "Recht op uitkering", "De inwoner heeft recht op een uitkering. " * 4),
    Article("Wet op de uitkering", "Hoogte van de toeslag", "De toeslag hangt af van het inkomen. " * 4),
)
SOURCES = Sources(laws=(LAW, LAW), sentences=SENTENCES, entries=ENTRIES, domain=(("trap", "val"),))
SMALL = Settings(dimensions=32, steps=60, batch=16, ngrams=500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_model(*train_model(SOURCES, 600, SMALL), folder)
    return folder


def test_a_translation_comes_closer_than_another_sentence(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).float()
    english = model.encode([pair[0] for pair in SENTENCES])
    dutch = model.encode([pair[1] for pair in SENTENCES])
    assert english.shape == (6, 32)
    assert list((english @ dutch.T).argmax(axis=1)) == list(range(6))


def test_an_empty_text_is_a_zero_vector_once_in_float32(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).float()
    assert not model.encode(["", " ?! "]).any()


def test_training_twice_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    save_model(*train_model(SOURCES, 600, SMALL), tmp_path)
    for file in folder.rglob("*.*"):
        assert file.read_bytes() == (tmp_path / file.relative_to(folder)).read_bytes(), file.name


def test_pairs_are_the_same_for_the_same_seed() -> None:
    assert families(SOURCES, 1) == families(SOURCES, 1)


def test_a_part_of_a_compound_is_the_token_of_the_word_alone() -> None:
    vocabulary = vocabulary_of(SOURCES, 600)
    assert vocabulary.tokenizer.encode("Uitkeringtuin!").tokens == ["uitkering", "tuin"]
    assert sum(vocabulary.shares) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("wetten", "wet"),
        ("besluiten", "besluit"),
        ("scholen", "school"),
        ("brieven", "brief"),
        ("geldt", "gelden"),
    ],
)
def test_dictionary_form_of_an_inflected_word(word: str, lemma: str) -> None:
    assert lemma in lemmas(word)


def test_a_text_of_unknown_words_is_not_glossed() -> None:
    import random

    glosser = Glosser(ENTRIES)
    assert glosser.gloss("uitkering tuin", random.Random(1)) == "benefit garden"
    assert glosser.gloss("onbekende woorden tuin", random.Random(1)) is None


def test_articles_of_a_law_keep_title_and_heading() -> None:
    text = "Wie in de gemeente woont en geen inkomen heeft, kan een aanvraag doen bij het college. "
    found = list(articles_of(f"##Wet voorbeeld\n\n### Artikel 1\n\n####Aanvraag\n\n{text}\n\n### Artikel 2\n\n{text}"))
    assert [(a.title, a.heading) for a in found] == [("Wet voorbeeld", "Aanvraag"), ("Wet voorbeeld", "")]


def test_dictionary_lines_and_cross_references(tmp_path: Path) -> None:
    file = tmp_path / "dictionary.txt"
    lines = [
        "# a comment",
        "abacus {n} (frame) :: telraam {n}, abacus {m}",
        "abaka {n} (plant) SEE: abacus ::",
        "odd line",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read_dictionary(file) == (
        DictionaryEntry("abacus", "frame", ("telraam", "abacus")),
        DictionaryEntry("abaka", "plant", ("telraam", "abacus")),
    )


def test_tables_of_the_field_give_every_pair_and_may_be_missing(tmp_path: Path) -> None:
    assert read_domain(tmp_path) == ()
    (tmp_path / "glossary.tsv").write_text("english\tdutch\nwelfare | benefit\tbijstand\n", encoding="utf-8")
    assert read_domain(tmp_path) == (("welfare", "bijstand"), ("benefit", "bijstand"))
