"""Every setting there is. The only reader of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore.embedding import BUNDLED
from vectorstore.errors import WrongUse

PREFIX = "RAADSGEHEUGEN_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive is and what it is read with.

    Attributes:
        data: folder for the archive and what is derived from it (RAADSGEHEUGEN_DATA).
        chroma: address of a Chroma server, None for Chroma in `data` (RAADSGEHEUGEN_CHROMA).
        model: folder or hub name of the sentence-transformers model (RAADSGEHEUGEN_MODEL).
        device: torch device the model runs on (RAADSGEHEUGEN_DEVICE).
        batch_size: passages embedded at once (RAADSGEHEUGEN_BATCH_SIZE).
        language: language of the chat's own words, "nl" or "en" (RAADSGEHEUGEN_LANGUAGE).
    """

    data: Path = Path("data")
    chroma: str | None = None
    model: str = str(BUNDLED)
    device: str = "cpu"
    batch_size: int = 64
    language: str = "nl"

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise WrongUse("RAADSGEHEUGEN_BATCH_SIZE moet 1 of meer zijn.", "Laat de instelling weg voor 64.")
        if self.language not in ("nl", "en"):
            raise WrongUse(f"RAADSGEHEUGEN_LANGUAGE kan niet {self.language!r} zijn.", "Kies nl of en.")

    def with_data(self, data: Path | None) -> Settings:
        """The same settings with another data folder, when one is given."""
        return self if data is None else replace(self, data=data)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings in an environment; what is not there keeps its default.

        Raises:
            WrongUse: a value means nothing.
        """
        given = {name: environment.get(f"{PREFIX}{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        try:
            size = int(given["batch_size"] or 64)
        except ValueError:
            raise WrongUse(
                f"RAADSGEHEUGEN_BATCH_SIZE moet een heel getal zijn, niet {given['batch_size']!r}."
            ) from None
        text = {name: value for name, value in given.items() if value and name not in ("data", "batch_size")}
        return cls(data=Path(given["data"] or "data"), batch_size=size, **text)
