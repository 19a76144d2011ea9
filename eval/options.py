"""What a run of an evaluation is asked for, and the chat models that it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from assistant.chat_models import ChatModel, open_chat_model
from assistant.composition import open_writer
from assistant.generative import Writer
from assistant.settings import PREFIX, Settings
from eval.config import Config, System
from eval.questions import Part
from vectorstore.errors import WrongUse

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
        """Every setting of the run as plain values."""
        part = str(self.part) if self.part else None
        return self.config.json() | {"part": part, "among": [path.name for path in self.among]}

    def writer(self, settings: Settings) -> Writer | None:
        """What writes the answers, None for answers made of quotations.

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
        """The model that is asked about the answers, None when none is.

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
