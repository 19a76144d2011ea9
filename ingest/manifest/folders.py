"""The manifests beside the letters: which rows are about which file, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.files import Found
from ingest.manifest.table import MANIFEST_NAME, Manifest, Rows, read_manifest


class Manifests:
    """Manifests in the folders of the files offered; for each file the nearest one that lists it applies.

    Args:
        paths: the files and folders offered.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._walked = [path.absolute() for path in paths if path.is_dir()]
        self._read: dict[Path, Manifest] = {}
        self._above: dict[Path, str] = {}

    def rows(self, file: Found) -> Rows:
        """Return the rows about a file, by the path inside it; "" is the file itself."""
        found: dict[str, Mapping[str, str]] = {}
        steps = file.source.split("/")
        for level, folder in enumerate(file.path.parents[: len(steps)], 1):
            manifest, name = self._manifest(folder), "/".join(steps[-level:])
            self._above[folder] = file.source.removesuffix(name)
            about = {"": manifest.row(name), **manifest.inside(name)}
            found = {part: dict(row) for part, row in about.items() if row} | found
        return found

    def _manifest(self, folder: Path) -> Manifest:
        if folder not in self._read:
            try:
                manifest = read_manifest((folder / MANIFEST_NAME).read_bytes())
            except FileNotFoundError:
                manifest = Manifest({}, {})
            except OSError as error:
                problem = f"manifest.csv: kan niet worden geopend ({error.strerror}). Controleer de rechten."
                manifest = Manifest({}, {}, (problem,))
            self._read[folder] = manifest
        return self._read[folder]

    def remarks(self, sources: Sequence[str]) -> tuple[str, ...]:
        """Return the problems of the manifests that were read, each with a remedy.

        Args:
            sources: of the files there are, and of those inside them.
        """
        return tuple(
            f"{folder}: {problem}"
            for folder, manifest in self._read.items()
            for problem in (*manifest.problems, *self._missing(folder, manifest, sources))
        )

    def _missing(self, folder: Path, manifest: Manifest, sources: Sequence[str]) -> tuple[str, ...]:
        """Return the rows about files that do not exist; only a folder that was fully walked can tell."""
        whole = any(folder.is_relative_to(root) for root in self._walked)
        above = self._above[folder]
        return manifest.missing(name.removeprefix(above) for name in sources if name.startswith(above)) if whole else ()
