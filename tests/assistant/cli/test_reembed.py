"""The command that brings an archive over to the model the settings name, with real models."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.cli import commands as cli
from assistant.composition import open_assistant, open_embedder, open_ingest, open_store
from assistant.settings import Settings
from tests.models import save_static, save_transformer
from vectorstore.models.bundled import STATIC
from vectorstore.models.embedder import Vectors

QUESTION = "Wat adviseerde de raad over fietsen?"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Folders of models by name; each has another dimension than the bundled one."""
    folder = tmp_path_factory.mktemp("modellen")
    return {
        "static": str(save_static(folder / "klein")),
        "e5": str(save_transformer(folder / "e5-klein", longest=128)),
    }


def filled(data: Path, letters: Path, model: str | None = None) -> Settings:
    settings = Settings(data=data, batch_size=2) if model is None else Settings(data=data, model=model, batch_size=2)
    with open_ingest(settings) as ingest:
        assert ingest.run([letters]).complete
    return settings


def use(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setenv("RAADSGEHEUGEN_MODEL", model)
    monkeypatch.setenv("RAADSGEHEUGEN_BATCH_SIZE", "2")


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def vectors_of(settings: Settings) -> dict[str, Vectors]:
    with contextlib.closing(open_store(settings, open_embedder(settings))) as store:
        return store.vectors([passage.id for passage in store.passages_of(store.versions())])


@pytest.mark.parametrize("name", ["static", "e5"])
def test_after_it_the_archive_answers_as_one_made_with_that_model(
    name: str,
    models: Mapping[str, str],
    letters_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(tmp_path / "archief", letters_folder)
    use(monkeypatch, models[name])
    assert cli.run(["ask", QUESTION, "--data", str(tmp_path / "archief")]) == 1
    assert "raadsgeheugen reembed" in capsys.readouterr().err
    assert cli.run(["reembed", "--json", "--data", str(tmp_path / "archief")]) == 0
    done = printed(capsys)
    assert done["model"].startswith(f"{Path(models[name]).name}:")
    assert done["former"].startswith("e5:")
    assert done["passages"] == done["embedded"] > 0
    assert done["changed"] is True
    assert done["seconds"] > 0
    expected = filled(tmp_path / "nieuw", letters_folder, models[name])
    ours = Settings(data=tmp_path / "archief", model=models[name])
    theirs, found = vectors_of(expected), vectors_of(ours)
    assert found.keys() == theirs.keys()
    for passage, vector in theirs.items():
        np.testing.assert_allclose(found[passage], vector, atol=1e-5)
    assert open_assistant(ours).ask(QUESTION).text == open_assistant(expected).ask(QUESTION).text


def test_an_archive_of_the_static_model_says_how_to_keep_it_and_how_to_bring_it_over(
    letters_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path, letters_folder, STATIC)
    asking = ["ask", QUESTION, "--data", str(tmp_path)]
    assert cli.run(asking) == 1
    said = capsys.readouterr().err
    assert "raadsgeheugen reembed" in said
    assert "zet RAADSGEHEUGEN_MODEL op static" in said
    with monkeypatch.context() as kept:
        kept.setenv("RAADSGEHEUGEN_MODEL", STATIC)
        assert cli.run(asking) == 0
    capsys.readouterr()
    assert cli.run(["reembed", "--json", "--data", str(tmp_path)]) == 0
    done = printed(capsys)
    assert done["former"].startswith("static:")
    assert done["model"].startswith("e5:")
    assert cli.run(asking) == 0


def test_a_model_that_is_the_archives_own_is_nothing_to_do(
    letters_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path, letters_folder)
    assert cli.run(["reembed", "--data", str(tmp_path)]) == 0
    assert "Niets te doen" in capsys.readouterr().out
    assert cli.run(["reembed", "--json", "--data", str(tmp_path)]) == 0
    done = printed(capsys)
    assert (done["changed"], done["embedded"], done["model"]) == (False, 0, done["former"])


def test_a_person_sees_how_far_it_is_and_what_it_did(
    models: Mapping[str, str],
    letters_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled(tmp_path, letters_folder)
    use(monkeypatch, models["static"])
    assert cli.run(["reembed", "--data", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert "100%" in shown.err
    assert len(shown.out.splitlines()) == 1
    assert "klein:" in shown.out


def test_where_there_is_no_archive_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["reembed", "--data", str(tmp_path)]) == 1
    assert "Er is geen archief" in capsys.readouterr().err


def test_an_archive_that_another_version_made_still_has_to_be_made_again(
    letters_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path, letters_folder)
    monkeypatch.setattr("assistant.composition.CHUNKER", "een andere")
    assert cli.run(["reembed", "--data", str(tmp_path)]) == 1
    assert "raadsgeheugen ingest --rebuild" in capsys.readouterr().err
