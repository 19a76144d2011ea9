"""Configurations: what a file leaves out is as in production, and what is wrong in it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from assistant.answers.answer import Answer
from assistant.refusal.sufficiency import Refusal
from eval.__main__ import main
from eval.runs import answers as running
from eval.systems.config import Config, load_config
from ingest.passages import Sizes
from tests.eval.scripted import NOTHING
from vectorstore.errors import WrongUse
from vectorstore.indexes.lexical import FieldWeights
from vectorstore.models.embedder import Embedder
from vectorstore.search import Fusion
from vectorstore.store.store import Store

EXAMPLES = sorted((Path(running.__file__).parents[1] / "configs").glob("*.yaml"))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "anders.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_is_as_in_production(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "# niets")) == Config("anders")
    assert Config().weights == FieldWeights()
    assert Config().fusion is None
    assert Config().refusal == Refusal()
    assert Config().passages == Sizes()


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    config = load_config(
        written(
            tmp_path,
            "name: proef\ndense: false\nrefuses: false\nweights: {grams: 0.5}\nfusion: {voice: 2}\n"
            "refusal: {least: 0.7}\npassages: {least: 40, enough: 60, most: 90}",
        )
    )
    assert config == Config(
        "proef",
        dense=False,
        refuses=False,
        weights=FieldWeights(grams=0.5),
        fusion=Fusion(voice=2.0),
        refusal=Refusal(least=0.7),
        passages=Sizes(40, 60, 90),
    )


def test_what_a_run_tells_of_its_settings_can_be_run_again(tmp_path: Path) -> None:
    config = Config("proef", expansion=False, fusion=Fusion(dense=0.1))
    assert load_config(written(tmp_path, yaml.safe_dump(config.json()))) == config


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dens: false", "no field 'dens': did you mean 'dense'?"),
        ("dense: misschien", "dense must be true or false"),
        ("system: google", "system cannot be 'google': use raadsgeheugen, langchain, bm25"),
        ("weights: {tokens: 1}", "weights has no field 'tokens': use context, grams"),
        ("weights: {grams: veel}", "weights.grams must be a number 0 or more, not 'veel'"),
        ("weights: {grams: -1}", "weights.grams must be a number 0 or more"),
        ("fusion: {dense: .inf}", "fusion.dense must be a number 0 or more"),
        ("refusal: {least: 1.2}", "refusal: a probability is from 0 to 1, not 1.2"),
        ("refusal: 0.5", "refusal must be a list of fields"),
        ("passages: {least: 0}", "1 <= least <= enough <= most, not (0, "),
        ("passages: {least: 1.5}", "passages.least must be a whole number, not 1.5"),
        ("passages: {least: 300}", "least <= enough <= most, not (300, "),
        ("system: bm25\ndense: false", "the system bm25 has no setting 'dense'"),
        ("- dense", "must be a list of fields"),
        ("dense: [", "cannot be read as YAML"),
    ],
)
def test_what_is_wrong_is_said_with_the_field_and_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WrongUse) as error:
        load_config(written(tmp_path, text))
    assert says in str(error.value)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_read_and_differs_from_production(path: Path) -> None:
    config = load_config(path)
    assert config.name == path.stem
    assert config != Config(path.stem)


def test_without_refusal_what_was_found_is_answered_from(store: Store, embedder: Embedder) -> None:
    asked = [Config(refuses=refuses).assistant(store, embedder).ask(NOTHING) for refuses in (True, False)]
    assert [isinstance(result, Answer) for result in asked] == [False, True]


def test_run_tells_with_which_settings_it_ran(
    letters: Path, questions: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "open_embedder", lambda _settings: embedder)
    out = tmp_path / "out.json"
    given = ["run", "--archive", str(letters), "--questions", str(questions), "--out", str(out)]
    path = written(tmp_path, "weights: {grams: 0.5}")
    for more, name, dense in (([], "anders", True), (["--no-dense"], "anders, no dense", False)):
        main([*given, "--config", str(path), *more])
        config = json.loads(out.read_text(encoding="utf-8"))["run"]["config"]
        assert (config["name"], config["dense"], config["weights"]["grams"]) == (name, dense, 0.5)


def test_parts_of_the_search_cannot_be_left_off_of_a_plain_pipeline(
    letters: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, path = tmp_path / "out.json", written(tmp_path, "system: bm25")
    given = ["run", "--archive", str(letters), "--questions", str(questions), "--out", str(out)]
    assert main([*given, "--config", str(path), "--no-dense"]) == 2
    assert "bm25 has no setting 'dense'" in capsys.readouterr().err


def test_vectors_are_asked_for_unless_the_configuration_leaves_them_off(
    letters: Path, questions: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "open_embedder", lambda _settings: embedder)
    out, path = tmp_path / "out.json", questions.rename(tmp_path / "letters.yaml")
    given = ["run", "--archive", str(letters), "--questions", str(path), "--out", str(out)]
    main(given)
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["gates"]["meaning"]["value"] == 1.0
    main([*given, "--no-dense"])
    content = json.loads(out.read_text(encoding="utf-8"))
    assert "meaning" not in content["gates"]
    assert content["metrics"]["meaning"] == 0.0
