from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.chroma import PASSAGES
from vectorstore.records import Revision
from vectorstore.standing import Fingerprint, Standing, passages_of

from .archives import FINGERPRINT

WORD = st.text("abc:-.", min_size=1)
REVISIONS = st.builds(Revision, st.text("0af", min_size=1), st.integers(0, 99), st.text("0af", min_size=1))
STANDINGS = st.builds(
    Standing, st.builds(Fingerprint, WORD, WORD, WORD, WORD), REVISIONS, WORD, st.just("") | WORD, st.booleans()
)


@given(STANDINGS)
def test_it_is_read_as_it_was_written(standing: Standing) -> None:
    assert Standing.read(standing.metadata()) == standing


def test_an_archive_that_does_not_name_its_passages_has_them_where_they_were_from_the_beginning() -> None:
    revision = Revision.first()
    said = asdict(FINGERPRINT) | {"revision": str(revision)}
    assert Standing.read(said) == Standing(FINGERPRINT, revision, PASSAGES)


@pytest.mark.parametrize("model", ["klein:12ab", "map met spaties/ë:3", ""])
def test_passages_of_a_model_have_a_name_that_chroma_takes(model: str) -> None:
    name = passages_of(model)
    assert name.startswith(f"{PASSAGES}-")
    assert name.replace("-", "").isalnum()
    assert name != passages_of(f"{model}!")
