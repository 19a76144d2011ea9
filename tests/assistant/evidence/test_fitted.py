"""What was fitted is kept for each model, and found by the fingerprint of its vectors."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.evidence.fitted import Weights, fitted_to
from assistant.evidence.sentence_scoring import FEATURES as OF_SENTENCE
from assistant.refusal.sufficiency import FEATURES as OF_QUESTION
from eval.tuning.fit import SCALED
from vectorstore.models.bundled import BUNDLED
from vectorstore.models.load import load_embedder
from vectorstore.models.reader import OnnxReader


def test_a_score_adds_up_the_weights_and_passes_over_what_has_none() -> None:
    weights = Weights(-1.0, {"own": 2.0, "short": -0.5})
    assert weights.score(np.array([0.5, 1.0, 9.0]), ("own", "short", "other")) == pytest.approx(-0.5)


@pytest.mark.parametrize("name", BUNDLED)
def test_each_model_that_comes_with_the_project_has_what_was_fitted_to_it(name: str) -> None:
    model = load_embedder(name).fingerprint
    fitted = fitted_to(model)
    assert fitted.model == model
    assert set(fitted.relevance.weights) == set(OF_SENTENCE)
    assert set(fitted.sufficiency.weights) == set(OF_QUESTION)


def test_what_is_used_when_nothing_is_set_was_fitted_to_the_model_with_its_reader() -> None:
    model, reader = load_embedder().fingerprint, OnnxReader().fingerprint
    fitted = fitted_to(model, reader)
    assert (fitted.model, fitted.reader) == (model, reader)
    assert fitted.relevance.weights["reads"] > 0
    assert fitted_to("ander:0123456789ab", reader).reader == reader


def test_what_another_reader_says_does_not_count() -> None:
    assert fitted_to("ander:0123456789ab", "lezer:0123456789ab") == fitted_to("")


def test_any_other_model_has_weights_that_do_not_look_at_how_large_its_similarities_are() -> None:
    fitted = fitted_to("ander:0123456789ab")
    assert fitted == fitted_to("")
    assert set(fitted.relevance.weights) == set(OF_SENTENCE)
    assert set(fitted.sufficiency.weights) == {*OF_QUESTION} - {*SCALED}
