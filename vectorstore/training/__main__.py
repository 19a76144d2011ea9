"""Command line: ``python -m vectorstore.training --data ../shared/data --out vectorstore/model``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import torch

from vectorstore.training import Settings, save_model, train_model
from vectorstore.training.sources import read_sources

FIELD = Path(__file__).resolve().parents[1] / "data"


def _arguments(words: list[str]) -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="python -m vectorstore.training", description="Train the bundled model.")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with train/laws.jsonl.xz and the other sources"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model; its README.md is left as it is")
    parser.add_argument(
        "--field", type=Path, default=FIELD, help="folder with the glossaries (default: vectorstore/data)"
    )
    parser.add_argument("--laws", type=int, default=None, help="read only so many laws, for a trial")
    parser.add_argument("--vocabulary", type=int, default=48_000, help="number of tokens (default: %(default)s)")
    parser.add_argument("--dimensions", type=int, default=defaults.dimensions, help="default: %(default)s")
    parser.add_argument("--steps", type=int, default=defaults.steps, help="training steps (default: %(default)s)")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Train and save; progress goes to stderr."""
    chosen, began = _arguments(words), time.monotonic()
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    sources = read_sources(chosen.data, chosen.field, chosen.laws)
    settings = Settings(dimensions=chosen.dimensions, steps=chosen.steps)
    vocabulary, table = train_model(sources, chosen.vocabulary, settings)
    save_model(vocabulary, table, chosen.out)
    tokens, dimensions = table.shape
    minutes = (time.monotonic() - began) / 60
    print(
        f"{tokens:,} tokens of {dimensions} dimensions in {chosen.out}, {minutes:.1f} minutes",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
