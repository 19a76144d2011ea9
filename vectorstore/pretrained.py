"""Where the files of a pretrained model are, and what is said when they cannot be had.

A folder is only ever read. A name on a hub is looked for in the local cache first; when it is not there, the hub is
asked once, and waited for briefly, before a download is tried: the libraries that download retry for more than a minute
on a network that does not reach it.
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
"""Seconds that a hub has to answer before it counts as out of reach."""

_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from.

    Attributes:
        name: its folder, or its name on a hub.
        revision: branch, tag or commit on a hub; the main branch when None.
        setting: that names it, for messages.
    """

    name: str
    revision: str | None = None
    setting: str = "RAADSGEHEUGEN_MODEL"

    @property
    def local(self) -> bool:
        """Whether it is a folder."""
        return Path(self.name).is_dir()


def cached_or_fetched(origin: Origin, load: Callable[[bool], Loaded]) -> Loaded:
    """What `load` makes of the local files of a model, downloaded first when they are not there and the hub answers.

    Args:
        origin: where the model comes from.
        load: loads it; its argument says whether it must do with local files.

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
def translated(origin: Origin) -> Iterator[None]:
    """Turn every error of a library that loads a model into ours.

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
    """The JSON in a file; an empty object when there is no such file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def module_kinds(folder: Path) -> list[tuple[str, Path]]:
    """Kind ("Transformer", "Pooling", …) and folder of each module of a sentence-transformers model, in order.

    A module that the model brings its own code for keeps its full name. Empty when the folder is no such model.
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
