"""What an evaluation is run with: the system that is asked and the settings of its parts, as production has them or not."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from assistant.assistant import Assistant
from assistant.composition import open_archive, open_writer
from assistant.generation.writer import Writer
from assistant.llm.chat_model import ChatModel, open_chat_model
from assistant.refusal.sufficiency import Refusal
from assistant.settings import PREFIX, Settings
from eval.datasets.questions import Part
from eval.datasets.schema import check_entries, read_yaml
from ingest.passages import Sizes
from vectorstore.errors import WrongUse
from vectorstore.indexes.lexical import FieldWeights
from vectorstore.models.embedder import Embedder
from vectorstore.models.reader import Reader
from vectorstore.search import Archive, Fusion
from vectorstore.store.store import Store

EXAMPLE: Final = "eval/configs/no-dense.yaml"


class System(StrEnum):
    """What is asked: the assistant, or one of the plain pipelines it is measured beside (see `eval.systems.peers`)."""

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
        reader: let the reader read the best passages.
        fusion: what counts beside the score of that index; as fitted to the model when not given.
        refusal: when evidence is thin.
        passages: how long passages may be.
    """

    name: str = "default"
    system: System = System.RAADSGEHEUGEN
    dense: bool = True
    expansion: bool = True
    refuses: bool = True
    weights: FieldWeights = field(default_factory=FieldWeights)
    fusion: Fusion | None = None
    reader: bool = True
    refusal: Refusal = field(default_factory=Refusal)
    passages: Sizes = field(default_factory=Sizes)

    def __post_init__(self) -> None:
        for group in ("weights", "fusion"):
            for name, value in (asdict(given) if (given := getattr(self, group)) else {}).items():
                if value < 0:
                    raise ValueError(f"{group}.{name} must be a number 0 or more, not {value:g}")
        sizes = self.passages
        if not 1 <= sizes.least <= sizes.enough <= sizes.most:
            raise ValueError(f"passages must have 1 <= least <= enough <= most, not {astuple(sizes)}")
        if self.system is System.RAADSGEHEUGEN:
            return
        production = Config()
        for each in fields(self):
            if each.name not in ("name", "system") and getattr(self, each.name) != getattr(production, each.name):
                raise ValueError(f"the system {self.system} has no setting {each.name!r}: remove it")

    def json(self) -> dict[str, Any]:
        """Return every setting of the run as plain values; of a plain pipeline, which has none of ours, its name alone."""
        if self.system is System.RAADSGEHEUGEN:
            return asdict(self) | {"system": self.system.value}
        return {"name": self.name, "system": self.system.value}

    def without(self, *, dense: bool, expansion: bool) -> Config:
        """Return the same with kinds of search left off, and named after that.

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
        """Return every value that tuning can move, by name."""
        return {
            each.name: getattr(group, each.name)
            for group in (self.weights, self.fusion or Fusion())
            for each in fields(group)
            if each.name != "words"
        }

    def having(self, name: str, value: float) -> Config:
        """Return the same with another of those values."""
        fusion = self.fusion or Fusion()
        if hasattr(fusion, name):
            return replace(self, fusion=replace(fusion, **{name: value}))
        return replace(self, weights=replace(self.weights, **{name: value}))

    def archive(self, store: Store, embedder: Embedder, reader: Reader | None = None) -> Archive:
        """Return the letters of a store, searched with these settings, read by the reader if they let it."""
        return open_archive(
            store,
            embedder if self.dense else None,
            expansion=self.expansion,
            weights=self.weights,
            fusion=self.fusion,
            reader=reader if self.reader else None,
        )

    def assistant(
        self, store: Store, embedder: Embedder, writer: Writer | None = None, reader: Reader | None = None
    ) -> Assistant:
        """Return the assistant over the letters of a store, with these settings; it answers in quotations without a writer."""
        refusal = self.refusal if self.refuses else replace(self.refusal, least=0.0)
        return Assistant(self.archive(store, embedder, reader), refusal, writer)


def load_config(path: Path) -> Config:
    """Read the configuration in a file; what it leaves out is as in production, its name is that of the file.

    Raises:
        WrongUse: the file cannot be read, or something in it is wrong; says which field and what is allowed.
    """
    content = read_yaml(path, EXAMPLE)
    row = {"name": path.stem} | content if isinstance(content, dict) else content
    return check_entries(path, [row], Config, "configuration", key=None)[0]


_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class Options:
    """What is evaluated, and with what.

    Attributes:
        archive: folder of letters.
        questions: question file.
        part: only the questions of this part.
        config: the system that is asked and its settings.
        allow_missing: only warn of evidence that the archive does not hold.
        gated: hold the figures to the gates of the question file.
        among: BEIR folders whose documents are ingested too, for the letters to be found among.
        baseline: what an earlier run reached, to compare with; None for no comparison.
        written: let the chat model of the settings write the answers.
        judge: ask that model what it thinks of the answers.
    """

    archive: Path
    questions: Path
    part: Part | None = None
    config: Config = field(default_factory=Config)
    allow_missing: bool = False
    gated: bool = True
    among: tuple[Path, ...] = ()
    baseline: Path | None = None
    written: bool = False
    judge: bool = False

    def settings(self) -> dict[str, Any]:
        """Return every setting of the run as plain values."""
        part = str(self.part) if self.part else None
        return self.config.json() | {"part": part, "among": [path.name for path in self.among]}

    def writer(self, settings: Settings) -> Writer | None:
        """Open the writer of the answers; None for answers made of quotations.

        Raises:
            WrongUse: no chat model is configured, or a plain pipeline is asked, which writes nothing.
            ModelUnavailable: it cannot be opened.
        """
        if not self.written:
            return None
        if self.config.system is not System.RAADSGEHEUGEN:
            raise WrongUse(f"The system {self.config.system} lets no model write.", "Leave --written out.")
        return _configured(open_writer(settings), "--written lets a chat model write the answers")

    def judging(self, settings: Settings) -> ChatModel | None:
        """Open the model that is asked about the answers, None when none is.

        Raises:
            WrongUse: no chat model is configured.
            ModelUnavailable: it cannot be opened.
        """
        return _configured(open_chat_model(settings), "--judge asks a chat model") if self.judge else None


def _configured(opened: _Opened | None, wish: str) -> _Opened:
    if opened is None:
        raise WrongUse(
            f"{wish}, and none is configured.",
            f"Name one in {PREFIX}CHAT_MODEL (ollama:llama3.1, say), or on a server of your own in {PREFIX}CHAT_URL too; "
            "with make, in MODEL and URL.",
        )
    return opened
