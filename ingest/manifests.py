"""The manifests that stand beside the letters: which rows are about which file, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.files import Found
from ingest.manifest import Manifest, read_manifest
from ingest.reading import Rows

NAME = "manifest.csv"


class Manifests:
    """Manifests in the folders of the files that are offered; the nearest one that knows a file speaks for it.

    Args:
        paths: the files and folders that are offered.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._roots = [path.absolute() if path.is_dir() else path.absolute().parent for path in paths]
        self._read: dict[Path, Manifest] = {}
        self._unused: dict[Path, set[str]] = {}
        self._problems: list[str] = []

    def rows(self, file: Found) -> Rows:
        """What the manifests say of a file, by the path inside it; "" is the file itself."""
        found: Rows = {}
        for folder in self._folders(file.path):
            manifest = self._manifest(folder)
            name = file.path.relative_to(folder).as_posix()
            about = {key[len(name) + 1 :]: row for key, row in manifest.about(name)}
            self._unused[folder] -= {key for key, _ in manifest.about(name)}
            found = {**about, **found}
        return found

    def _folders(self, path: Path) -> Iterator[Path]:
        """The folder of a file and those above it, up to the one that was offered."""
        for folder in path.parents:
            yield folder
            if folder in self._roots:
                return

    def _manifest(self, folder: Path) -> Manifest:
        if folder not in self._read:
            try:
                manifest = read_manifest((folder / NAME).read_bytes())
            except FileNotFoundError:
                manifest = Manifest()
            except OSError as error:
                manifest = Manifest(problems=(f"kan niet worden geopend ({error.strerror}). Controleer de rechten.",))
            self._read[folder] = manifest
            self._unused[folder] = set(manifest.rows)
        return self._read[folder]

    def remarks(self) -> tuple[str, ...]:
        """What is wrong with the manifests that were read, each with what to do about it."""
        said: list[str] = []
        for folder, manifest in self._read.items():
            said += [f"{folder / NAME}: {problem}" for problem in manifest.problems]
            said += [
                f"{folder / NAME}: er is geen bestand {name}. Verbeter de naam of haal de regel weg."
                for name in sorted(self._unused[folder])
            ]
        return tuple(said)
