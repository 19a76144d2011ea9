"""What an evaluation is run with: the system that is asked and the settings of its parts, as production has them or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from assistant.assistant import Assistant
from assistant.composition import open_archive
from assistant.generative import Writer
from assistant.sufficiency import Refusal
from eval.fields import choice, count, flag, mapping, number, words, yaml_content
from ingest.passages import Sizes
from vectorstore.embedding import Embedder
from vectorstore.errors import WrongUse
from vectorstore.fusion import Fusion
from vectorstore.lexical import Weights
from vectorstore.search import Archive
from vectorstore.store import Store

EXAMPLE = "eval/configs/no-dense.yaml"

_Group = TypeVar("_Group", Weights, Fusion, Refusal)


class System(StrEnum):
    """What is asked: the assistant, or one of the plain pipelines it is measured beside (see `eval.peer`)."""

    RAADSGEHEUGEN = "raadsgeheugen"
    LANGCHAIN = "langchain"
    BM25 = "bm25"


@dataclass(frozen=True, slots=True)
class Config:
    """A system and its settings; what is not given is as in production.

    Attributes:
        name: what reports call it.
        system: what is asked; a plain pipeline has no settings of ours.
        dense: search by meaning as well as by words.
        expansion: search for synonyms and translations as well.
        refuses: refuse where the evidence is thin; otherwise every passage found is enough.
        weights: of the fields of the BM25 index; `words` is the measure of all others.
        fusion: what counts beside the score of that index.
        refusal: when evidence is thin.
        passages: how long passages may be.
    """

    name: str = "default"
    system: System = System.RAADSGEHEUGEN
    dense: bool = True
    expansion: bool = True
    refuses: bool = True
    weights: Weights = field(default_factory=Weights)
    fusion: Fusion = field(default_factory=Fusion)
    refusal: Refusal = field(default_factory=Refusal)
    passages: Sizes = field(default_factory=Sizes)

    def __post_init__(self) -> None:
        if self.system is System.RAADSGEHEUGEN:
            return
        production = Config()
        for each in fields(self):
            if each.name not in ("name", "system") and getattr(self, each.name) != getattr(production, each.name):
                raise ValueError(f"the system {self.system} has no setting {each.name!r}: remove it")

    def json(self) -> dict[str, Any]:
        """Every setting of the run as plain values; of a plain pipeline, which has none of ours, its name alone."""
        if self.system is System.RAADSGEHEUGEN:
            return asdict(self) | {"system": self.system.value}
        return {"name": self.name, "system": self.system.value}

    def without(self, *, dense: bool, expansion: bool) -> Config:
        """The same with kinds of search left off, and named after that.

        Args:
            dense: leave search by meaning off.
            expansion: leave synonyms and translations off.

        Raises:
            ValueError: the system is a plain pipeline.
        """
        gone = [part for part, off in (("dense", dense), ("expansion", expansion)) if off and getattr(self, part)]
        return replace(
            self,
            name=", ".join([self.name, *(f"no {part}" for part in gone)]),
            dense=self.dense and not dense,
            expansion=self.expansion and not expansion,
        )

    def values(self) -> dict[str, float]:
        """Every value that tuning can move, by name."""
        return {
            each.name: getattr(group, each.name)
            for group in (self.weights, self.fusion)
            for each in fields(group)
            if each.name != "words"
        }

    def having(self, name: str, value: float) -> Config:
        """The same with another of those values."""
        if hasattr(self.fusion, name):
            return replace(self, fusion=replace(self.fusion, **{name: value}))
        return replace(self, weights=replace(self.weights, **{name: value}))

    def archive(self, store: Store, embedder: Embedder) -> Archive:
        """The letters of a store, searched with these settings."""
        return open_archive(
            store,
            embedder if self.dense else None,
            expansion=self.expansion,
            weights=self.weights,
            fusion=self.fusion,
        )

    def assistant(self, store: Store, embedder: Embedder, writer: Writer | None = None) -> Assistant:
        """The assistant over the letters of a store, with these settings; it answers in quotations without a writer."""
        refusal = self.refusal if self.refuses else replace(self.refusal, least=0.0)
        return Assistant(self.archive(store, embedder), refusal, writer)


def load_config(path: Path) -> Config:
    """The configuration in a file; what it leaves out is as in production, its name is that of the file.

    Raises:
        WrongUse: the file cannot be read, or something in it is wrong; says which field and what is allowed.
    """
    try:
        return _config(path.stem, yaml_content(path, EXAMPLE))
    except ValueError as error:
        raise WrongUse(f"{path}: {error}.", f"See {EXAMPLE}.") from error


def _config(stem: str, value: object) -> Config:
    given = mapping(value, frozenset(each.name for each in fields(Config)), (), "a configuration")
    default = Config()
    return Config(
        name=words(given, "name") if "name" in given else stem,
        system=choice(System, "system", given.get("system", default.system)),
        **{name: flag(given, name, getattr(default, name)) for name in ("dense", "expansion", "refuses")},
        weights=_numbers(given, "weights", default.weights),
        fusion=_numbers(given, "fusion", default.fusion),
        refusal=_numbers(given, "refusal", default.refusal, most=1.0),
        passages=_sizes(given, default.passages),
    )


def _group(given: Mapping[str, Any], name: str, default: Any) -> Mapping[str, Any]:
    """The fields given of a group of settings, each named after the group for what is said of it."""
    own = mapping(given.get(name, {}), frozenset(each.name for each in fields(default)), (), name)
    return {f"{name}.{field}": value for field, value in own.items()}


def _numbers(given: Mapping[str, Any], name: str, default: _Group, most: float | None = None) -> _Group:
    """A group of settings that are numbers of 0 or more."""
    own = _group(given, name, default)
    return replace(default, **{each.removeprefix(f"{name}."): number(own, each, most) for each in own})


def _sizes(given: Mapping[str, Any], default: Sizes) -> Sizes:
    own = _group(given, "passages", default)
    sizes = replace(default, **{each.removeprefix("passages."): count(own, each) for each in own})
    if not sizes.least <= sizes.enough <= sizes.most:
        raise ValueError(f"passages must have least <= enough <= most, not {sizes.least}, {sizes.enough}, {sizes.most}")
    return sizes
