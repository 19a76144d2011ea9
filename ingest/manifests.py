"""The manifests that stand beside the letters: which rows are about which file, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.files import Found
from ingest.manifest import MANIFEST_NAME, Manifest, read_manifest
from ingest.reading import Rows


class Manifests:
    """Manifests in the folders of the files that are offered; the nearest one that knows a file speaks for it.

    Args:
        paths: the files and folders that are offered.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._walked = [path.absolute() for path in paths if path.is_dir()]
        self._roots = [*self._walked, *(path.absolute().parent for path in paths if not path.is_dir())]
        self._read: dict[Path, Manifest] = {}
        self._names: dict[Path, list[str]] = {}

    def rows(self, file: Found) -> Rows:
        """What the manifests say of a file, by the path inside it; "" is the file itself."""
        found: dict[str, Mapping[str, str]] = {}
        for folder in self._folders(file.path):
            manifest = self._manifest(folder)
            name = file.path.relative_to(folder).as_posix()
            inside = [row for row in manifest.rows if row.startswith(f"{name}/")]
            self._names[folder] += [name, *inside]
            about = {"": manifest.row(name)} | {row.removeprefix(f"{name}/"): manifest.rows[row] for row in inside}
            found = {part: dict(row) for part, row in about.items() if row} | found
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
                manifest = read_manifest((folder / MANIFEST_NAME).read_bytes())
            except FileNotFoundError:
                manifest = Manifest({}, {})
            except OSError as error:
                problem = f"manifest.csv: kan niet worden geopend ({error.strerror}). Controleer de rechten."
                manifest = Manifest({}, {}, (problem,))
            self._read[folder] = manifest
            self._names[folder] = []
        return self._read[folder]

    def remarks(self) -> tuple[str, ...]:
        """What is wrong with the manifests that were read, each with what to do about it."""
        return tuple(
            f"{folder}: {problem}"
            for folder, manifest in self._read.items()
            for problem in (*manifest.problems, *self._missing(folder, manifest))
        )

    def _missing(self, folder: Path, manifest: Manifest) -> tuple[str, ...]:
        """Rows about files that are not there, which only a folder that was looked through can tell."""
        whole = any(folder.is_relative_to(root) for root in self._walked)
        return manifest.missing(self._names[folder]) if whole else ()
