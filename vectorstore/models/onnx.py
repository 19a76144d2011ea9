"""Transformer models in ONNX, computed by onnxruntime without torch.

sentence-transformers has an ONNX backend of its own, but it needs optimum-onnx, of which no version accepts the
transformers that sentence-transformers 6 needs. So a model's `onnx/model.onnx`, which most repositories of embedding
models ship, is run here: tokens, token vectors, pooled as the model's `1_Pooling/config.json` says, normalised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelUnavailable
from vectorstore.models.embedder import Prompts, Vectors, fingerprint_of
from vectorstore.models.pretrained import Origin, load_cached_or_fetch, module_kinds, read_json, translate_load_errors

_FILES: Final = ("onnx/model.onnx", "model.onnx")
_FETCHED: Final = ["*.json", "*/config.json", *_FILES, *(f"{name}_data" for name in _FILES)]
_INPUTS: Final = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_PROVIDERS: Final = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
_LONGEST: Final = 512
"""Tokens read of a text when the model does not state its limit."""

_CPU_TOKENS: Final = 1024
"""Tokens that a processor reads at once: more take memory and no less time."""

_NOT_SPINNING: Final = ("session.intra_op.allow_spinning", "0")
"""Threads sleep while they wait for work: awake they keep cores from what reads letters beside them."""

_TORCH_FILES: Final = ("*.safetensors", "pytorch_model*.bin")

Pool = Callable[[npt.NDArray[np.float32], npt.NDArray[np.int64]], npt.NDArray[np.float32]]


def _mean(tokens: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    kept = mask[:, :, None].astype(np.float32)
    pooled: npt.NDArray[np.float32] = (tokens * kept).sum(axis=1) / np.maximum(kept.sum(axis=1), 1e-9)
    return pooled


def _first(tokens: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    first: npt.NDArray[np.float32] = tokens[np.arange(len(tokens)), mask.argmax(axis=1)]
    return first


def _last(tokens: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    last: npt.NDArray[np.float32] = tokens[np.arange(len(tokens)), mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)]
    return last


_POOLING: Final[Mapping[str, Pool]] = {"mean": _mean, "cls": _first, "lasttoken": _last}
_OLD_KEYS: Final = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "lasttoken",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
}
"""The pooling settings of older models."""


@dataclass(frozen=True, slots=True)
class OnnxNetwork:
    """A model in ONNX, the name of the output that has the vectors of tokens, and its tokenizer."""

    session: Any
    output: str
    tokenizer: Any
    padding: int

    @classmethod
    def open(cls, origin: Origin, weights: Path, folder: Path, device: str) -> OnnxNetwork:
        """Open the network in a file, with the tokenizer of a folder.

        Raises:
            ModelUnavailable: it does not turn texts into vectors, or cannot be computed on this device.
        """
        return cls(*_session(origin, weights, device), *_tokenizer(folder))

    def read(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of each text."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def run(self, rows: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """Return the token vectors, of shape (rows, tokens, dimension), and the attention mask, of shape (rows,
        tokens)."""
        shape = len(rows), max(len(row) for row in rows)
        given = {name: np.zeros(shape, dtype=np.int64) for name in _INPUTS}
        given["input_ids"] += self.padding
        for number, row in enumerate(rows):
            given["input_ids"][number, : len(row)] = row
            given["attention_mask"][number, : len(row)] = 1
        wanted = {put.name: given[put.name] for put in self.session.get_inputs()}
        (vectors,) = self.session.run([self.output], wanted)
        return vectors.astype(np.float32, copy=False), given["attention_mask"]


class OnnxEmbedder:
    """A sentence-transformers model of a transformer and a pooling, from a folder or a hub name that has it in ONNX.

    Args:
        model: folder of a model, or its name on a hub when downloads are allowed.
        device: "cpu", or "cuda" where the package onnxruntime-gpu is installed.
        batch_size: texts embedded at once.
        revision: of a model on a hub; its main branch when None.
        query_prompt: put before questions instead of the model's own prompt.
        document_prompt: put before passages instead of the model's own prompt.

    Raises:
        ModelUnavailable: it cannot be loaded, has no ONNX file, or does more than ONNX can do here.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        device: str = "cpu",
        batch_size: int = 64,
        revision: str | None = None,
        query_prompt: str | None = None,
        document_prompt: str | None = None,
    ) -> None:
        origin = Origin(str(model), revision)
        self._batch_size = batch_size
        self._tokens = _CPU_TOKENS if device == "cpu" else batch_size * _LONGEST
        with translate_load_errors(origin):
            folder = _folder(origin)
            weights = _weights(origin, folder)
            self._pool = _pooling(origin, folder)
            self._network = OnnxNetwork.open(origin, weights, folder, device)
            own = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
            self._prompts = Prompts.of(str(model), own, query_prompt, document_prompt)
            limits = f"onnx {self._pool.__name__} {_longest(folder)} {_digest(weights)}"
            self._dimension = self._embed(self._network.read([""])).shape[1]
        self._fingerprint = fingerprint_of(str(model), self._prompts, (), limits)

    @property
    def fingerprint(self) -> str:
        """Return the name of the model and a digest of its ONNX file, prompts, pooling and limits."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (texts, dimension), embedded with the document prompt if there is one."""
        rows = self._network.read([self._prompts.document + text for text in texts])
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for batch in batches_of([len(row) for row in rows], self._batch_size, self._tokens):
            vectors[batch] = self._embed([rows[number] for number in batch])
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return a unit vector of shape (dimension,), embedded with the query prompt if there is one."""
        vector: Vectors = self._embed(self._network.read([self._prompts.query + text]))[0]
        return vector

    def _embed(self, rows: Sequence[Sequence[int]]) -> Vectors:
        pooled = self._pool(*self._network.run(rows))
        unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return unit


def is_only_onnx(folder: Path) -> bool:
    """Check whether a folder has a model in ONNX, and no weights that torch could load instead."""
    has_onnx = any((folder / name).is_file() for name in _FILES)
    return has_onnx and not any(file for pattern in _TORCH_FILES for file in folder.glob(pattern))


def batches_of(lengths: Sequence[int], texts: int, tokens: int) -> Iterator[list[int]]:
    """Yield the numbers of texts that are computed at once, those of about the same length together.

    Args:
        lengths: of each text, in tokens.
        texts: that a batch may hold.
        tokens: that it may hold, each text as long as its longest; one text it always may.
    """
    longest_first = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    start = 0
    while start < len(longest_first):
        size = max(1, min(texts, tokens // max(1, lengths[longest_first[start]])))
        yield longest_first[start : start + size]
        start += size


def _folder(origin: Origin) -> Path:
    if origin.local:
        return Path(origin.name)

    def fetch(local: bool) -> Path:
        from huggingface_hub import snapshot_download

        folder = snapshot_download(
            origin.name, revision=origin.revision, allow_patterns=_FETCHED, local_files_only=local
        )
        if local and not any((Path(folder) / name).is_file() for name in _FILES):
            raise FileNotFoundError(folder)
        return Path(folder)

    return load_cached_or_fetch(origin, fetch)


def _weights(origin: Origin, folder: Path) -> Path:
    for name in _FILES:
        if (folder / name).is_file():
            return folder / name
    raise ModelUnavailable(
        f"Het model {origin.name} heeft geen bestand {_FILES[0]}.",
        "Zet RAADSGEHEUGEN_BACKEND op torch, of kies een model dat ook als ONNX is uitgebracht.",
    )


def _pooling(origin: Origin, folder: Path) -> Pool:
    """Return the function that pools the vectors of tokens into one.

    Raises:
        ModelUnavailable: the pooling is not supported here, or further layers follow it.
    """
    modules = module_kinds(folder)
    kinds = [kind for kind, _ in modules]
    if kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        settings = read_json(modules[1][1] / "config.json")
        modes = [mode for key, mode in _OLD_KEYS.items() if settings.get(key)]
        mode = settings.get("pooling_mode", "+".join(modes) or "mean")
        if mode in _POOLING and settings.get("include_prompt", True):
            return _POOLING[mode]
    raise ModelUnavailable(
        f"Het model {origin.name} is geen model dat met ONNX kan worden berekend.",
        "Zet RAADSGEHEUGEN_BACKEND op torch.",
    )


def _session(origin: Origin, weights: Path, device: str) -> tuple[Any, str]:
    """Return the network, ready to run, and the name of its output with a vector for each token."""
    import onnxruntime

    provider = _PROVIDERS.get(device.partition(":")[0])
    if provider not in onnxruntime.get_available_providers():
        raise ModelUnavailable(
            f"Met ONNX kan hier niet op {device} worden gerekend.",
            "Zet RAADSGEHEUGEN_DEVICE op cpu, of installeer onnxruntime-gpu in plaats van onnxruntime.",
        )
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(*_NOT_SPINNING)
    session = onnxruntime.InferenceSession(str(weights), options, providers=[provider])
    outputs = [put.name for put in session.get_outputs() if len(put.shape) == 3]
    if outputs and {put.name for put in session.get_inputs()} <= _INPUTS:
        return session, outputs[0]
    raise ModelUnavailable(
        f"Het ONNX-bestand van {origin.name} is geen model dat tekst in vectoren omzet.",
        "Zet RAADSGEHEUGEN_BACKEND op torch.",
    )


def _tokenizer(folder: Path) -> tuple[Any, int]:
    """Return the tokenizer, and the id of the token that shorter texts are filled up with."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(_longest(folder))
    tokenizer.no_padding()
    pad = read_json(folder / "tokenizer_config.json").get("pad_token", "[PAD]")
    return tokenizer, tokenizer.token_to_id(pad["content"] if isinstance(pad, dict) else pad) or 0


def _longest(folder: Path) -> int:
    """Return the number of tokens read of a text."""
    longest = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    longest = longest or read_json(folder / "tokenizer_config.json").get("model_max_length") or _LONGEST
    return int(min(longest, read_json(folder / "config.json").get("max_position_embeddings") or _LONGEST))


def _digest(weights: Path) -> str:
    """Return a digest of some four thousand pieces of the ONNX file and of its external data file."""
    digest = hashlib.sha256()
    for path in (weights, weights.with_name(f"{weights.name}_data")):
        if path.is_file():
            size = path.stat().st_size
            digest.update(str(size).encode())
            with path.open("rb") as file:
                for start in range(0, size, max(256, size // 4096)):
                    file.seek(start)
                    digest.update(file.read(256))
    return digest.hexdigest()
