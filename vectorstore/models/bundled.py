"""The models that come with the project and need no download."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parents[1] / "model"

E5: Final = "e5"
"""A transformer: multilingual-e5-small, cut to Dutch and English."""

STATIC: Final = "static"
"""A table of vectors of words, for very slow machines."""

READER: Final = _FOLDER / "reader"
"""A network that reads a question and a passage together."""

BUNDLED: Final[Mapping[str, Path]] = {name: _FOLDER / name for name in (E5, STATIC)}
