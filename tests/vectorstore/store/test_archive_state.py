from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.archives import FINGERPRINT
from vectorstore.errors import ArchiveMismatch
from vectorstore.models.bundled import STATIC
from vectorstore.models.load import load_embedder
from vectorstore.store.archive_state import ArchiveState, Fingerprint, check, collection_of
from vectorstore.store.engine import PASSAGES, Location
from vectorstore.store.records import Revision

WORD = st.text("abc:-.", min_size=1)
REVISIONS = st.builds(Revision, st.text("0af", min_size=1), st.integers(0, 99), st.text("0af", min_size=1))
STANDINGS = st.builds(
    ArchiveState,
    st.builds(Fingerprint, WORD, WORD, WORD, WORD),
    REVISIONS,
    WORD,
    st.just("") | WORD,
    st.booleans(),
    st.booleans(),
)


@given(STANDINGS)
def test_it_is_read_as_it_was_written(state: ArchiveState) -> None:
    assert ArchiveState.read(state.metadata()) == state


def test_an_archive_that_does_not_name_its_passages_has_them_where_they_were_from_the_beginning() -> None:
    revision = Revision.first()
    said = asdict(FINGERPRINT) | {"revision": str(revision)}
    assert ArchiveState.read(said) == ArchiveState(FINGERPRINT, revision, PASSAGES)


@pytest.mark.parametrize("model", ["klein:12ab", "map met spaties/ë:3", ""])
def test_passages_of_a_model_have_a_name_that_chroma_takes(model: str) -> None:
    name = collection_of(model)
    assert name.startswith(f"{PASSAGES}-")
    assert name.replace("-", "").isalnum()
    assert name != collection_of(f"{model}!")


def test_the_static_model_is_the_same_as_when_its_folder_was_the_only_one() -> None:
    formerly = replace(FINGERPRINT, embedding="model:ce068b6ba6fb")
    assert formerly.embedding == load_embedder(STATIC).fingerprint


@pytest.mark.parametrize(
    ("model", "remedy"), [("static:1", "zet RAADSGEHEUGEN_MODEL op static"), ("bge-m3:1", "stel het andere model in")]
)
def test_an_archive_of_another_model_says_how_to_keep_it(model: str, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMismatch) as raised:
        check(Location(tmp_path), replace(FINGERPRINT, embedding=model), FINGERPRINT)
    assert remedy in raised.value.remedy
    assert "reembed" in raised.value.remedy
