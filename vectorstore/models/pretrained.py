"""Locating the files of a pretrained model, and the errors when they cannot be had.

A folder is only ever read. A name on a hub is looked for in the local cache first; if it is not there, the hub is
queried once with a short timeout before a download is tried: the download libraries retry for more than a minute on a
network that does not reach the hub.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from vectorstore.errors import ModelUnavailable

Loaded = TypeVar("Loaded")

PATIENCE = 5.0
"""Seconds within which a hub must respond, or it counts as unreachable."""

_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a model.

    Attributes:
        name: its folder, or its name on a hub.
        revision: branch, tag or commit on a hub; the main branch when None.
        setting: name of the setting that gives it, for messages.
    """

    name: str
    revision: str | None = None
    setting: str = "RAADSGEHEUGEN_MODEL"

    @property
    def local(self) -> bool:
        """Check whether the model is a folder."""
        return Path(self.name).is_dir()


def load_cached_or_fetch(origin: Origin, load: Callable[[bool], Loaded]) -> Loaded:
    """Load the local files of a model, downloading them first if they are missing and the hub responds.

    Args:
        origin: where the model comes from.
        load: loads it; its argument says whether to use local files only.

    Raises:
        ModelUnavailable: there is no such folder, or the hub cannot be reached.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if origin.local:
        return load(True)
    if not _HUB_NAME.fullmatch(origin.name):
        raise ModelUnavailable(f"De map {origin.name} bestaat niet.", _remedy(origin))
    try:
        return load(True)
    except Exception:
        _ask_hub(origin)
    return load(False)


def _ask_hub(origin: Origin) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    try:
        HfApi().model_info(origin.name, revision=origin.revision, timeout=PATIENCE)
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise ModelUnavailable(
            f"Er is geen model {origin.name} op de hub, en ook geen map.", _remedy(origin)
        ) from error
    except Exception as error:
        raise ModelUnavailable(
            f"Het model {origin.name} staat niet op deze computer, en de hub is niet te bereiken.",
            f"Haal het op een computer met internet op met `hf download {origin.name} --local-dir MAP`, kopieer die map"
            f" hierheen en zet haar pad in {origin.setting}.",
        ) from error


@contextlib.contextmanager
def translate_load_errors(origin: Origin) -> Iterator[None]:
    """Turn every error of a library that loads a model into ModelUnavailable.

    Raises:
        ModelUnavailable: the model cannot be loaded.
    """
    try:
        yield
    except ModelUnavailable:
        raise
    except Exception as error:
        raise ModelUnavailable(
            f"Het model {origin.name} kan niet worden geladen ({type(error).__name__}: {error}).", _remedy(origin)
        ) from error


def _remedy(origin: Origin) -> str:
    return (
        f"Zet in {origin.setting} de map van een model dat hierbij past, of laat de instelling weg:"
        " dan is er geen ander model nodig dan dat wat is meegeleverd."
    )


def read_json(path: Path) -> Any:
    """Read the JSON in a file; return an empty object if there is no such file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def module_kinds(folder: Path) -> list[tuple[str, Path]]:
    """Return kind ("Transformer", "Pooling", …) and folder of each module of a sentence-transformers model, in order.

    A module with code of the model's own keeps its full name. The list is empty if the folder is not such a model.
    """
    return [
        (
            module["type"].rsplit(".", 1)[-1]
            if module["type"].startswith("sentence_transformers.")
            else module["type"],
            folder / module["path"],
        )
        for module in read_json(folder / "modules.json") or ()
    ]
