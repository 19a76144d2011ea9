"""Verbs of saying among the words of a sentence."""

from __future__ import annotations

import pytest

from ingest.language.tokens import tokens_of
from ingest.language.verbs import ASKING, SAYING, TELLING, load_verbs, verbs_of


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("stelt dat het kan", True),
        ("wijst er nogmaals op dat het kan", True),
        ("geeft in de brief aan dat het kan", True),
        ("geeft de sleutel aan de buren", False),
        ("heeft ons in mei laten weten dat het kan", True),
        ("heeft de sleutel gevonden", False),
        ("is van mening dat het kan", True),
        ("fietst naar het loket", False),
    ],
)
def test_a_verb_with_what_belongs_to_it(words: str, near: bool) -> None:
    assert load_verbs().is_near(tokens_of(words), 0, SAYING) is near


def test_a_verb_whose_subject_comes_between() -> None:
    tokens = tokens_of("Daarom wijst het college in een lange brief van drie bladzijden erop dat het kan")
    assert load_verbs().is_apart(tokens, 1, SAYING, 4)
    assert not load_verbs().is_near(tokens, 1, SAYING)


def test_kinds_of_verbs() -> None:
    tokens = tokens_of("vindt adviseert")
    assert not load_verbs().is_near(tokens, 0, TELLING)
    assert load_verbs().is_near(tokens, 1, ASKING)


def test_forms_of_weak_verbs_strong_verbs_and_verbs_with_a_particle() -> None:
    verbs = verbs_of([["tell", "roep roepen riep riepen geroepen"], ["tell", "kondig kondigen", "aan"]])
    assert set(verbs.finite) == {"roept", "roepen", "riep", "riepen", "kondigt", "kondigen", "kondigde", "kondigden"}
    assert set(verbs.participles) == {"geroepen", "aangekondigd"}
    assert "aankondigt" in verbs.joined
