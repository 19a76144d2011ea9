from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Manifest:
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def about(self, name: str) -> list[tuple[str, Mapping[str, str]]]:
        return [(key, row) for key, row in self.rows.items() if key == name or key.startswith(f"{name}/")]


def read_manifest(data: bytes) -> Manifest:
    return Manifest()
