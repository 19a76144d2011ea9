"""Transformer models in ONNX, computed by onnxruntime without torch.

sentence-transformers has an ONNX backend of its own, but it rests on optimum-onnx, of which no version accepts the
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

from vectorstore.embedding import Prompts, Vectors, fingerprint_of
from vectorstore.errors import ModelUnavailable
from vectorstore.pretrained import Origin, cached_or_fetched, module_kinds, read_json, translated

_FILES: Final = ("onnx/model.onnx", "model.onnx")
_FETCHED: Final = ["*.json", "*/config.json", *_FILES, *(f"{name}_data" for name in _FILES)]
_INPUTS: Final = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_PROVIDERS: Final = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
_LONGEST: Final = 512
"""Tokens read of a text when the model does not say how many it can read."""

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
"""How older models write their way of pooling."""


@dataclass(frozen=True, slots=True)
class _Network:
    """A model in ONNX, the name of the output that has the vectors of tokens, and its tokenizer."""

    session: Any
    output: str
    tokenizer: Any

    def run(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """Vectors of tokens, shape (texts, tokens, dimension), and the attention mask, shape (texts, tokens)."""
        encodings = self.tokenizer.encode_batch(list(texts))
        given = {
            "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids for encoding in encodings], dtype=np.int64),
        }
        wanted = {put.name: given[put.name] for put in self.session.get_inputs()}
        (vectors,) = self.session.run([self.output], wanted)
        return vectors.astype(np.float32), given["attention_mask"]


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
        with translated(origin):
            folder = _folder(origin)
            weights = _weights(origin, folder)
            self._pool = _pooling(origin, folder)
            self._network = _Network(*_session(origin, weights, device), _tokenizer(folder))
            own = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
            self._prompts = Prompts.of(str(model), own, query_prompt, document_prompt)
            limits = f"onnx {self._pool.__name__} {_longest(folder)} {_digest(weights)}"
            self._dimension = self._embed([""]).shape[1]
        self._fingerprint = fingerprint_of(str(model), self._prompts, (), limits)

    @property
    def fingerprint(self) -> str:
        """Name of the model and a digest of its ONNX file, prompts, pooling and limits."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension), with the document prompt if there is one."""
        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        batches = [
            self._embed([self._prompts.document + texts[number] for number in batch])
            for batch in _batches(longest_first, self._batch_size)
        ]
        if not batches:
            return np.zeros((0, self._dimension), dtype=np.float32)
        vectors: Vectors = np.concatenate(batches)[np.argsort(longest_first)]
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (dimension,), with the query prompt if there is one."""
        vector: Vectors = self._embed([self._prompts.query + text])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        pooled = self._pool(*self._network.run(texts))
        unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return unit


def _batches(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


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

    return cached_or_fetched(origin, fetch)


def _weights(origin: Origin, folder: Path) -> Path:
    for name in _FILES:
        if (folder / name).is_file():
            return folder / name
    raise ModelUnavailable(
        f"Het model {origin.name} heeft geen bestand {_FILES[0]}.",
        "Zet RAADSGEHEUGEN_BACKEND op torch, of kies een model dat ook als ONNX is uitgebracht.",
    )


def _pooling(origin: Origin, folder: Path) -> Pool:
    """How the vectors of tokens become one.

    Raises:
        ModelUnavailable: in a way that is not known here, or with further layers after it.
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
    """The network, ready to run, and the name of its output with a vector for each token."""
    import onnxruntime

    provider = _PROVIDERS.get(device.partition(":")[0])
    if provider not in onnxruntime.get_available_providers():
        raise ModelUnavailable(
            f"Met ONNX kan hier niet op {device} worden gerekend.",
            "Zet RAADSGEHEUGEN_DEVICE op cpu, of installeer onnxruntime-gpu in plaats van onnxruntime.",
        )
    session = onnxruntime.InferenceSession(str(weights), providers=[provider])
    outputs = [put.name for put in session.get_outputs() if len(put.shape) == 3]
    if outputs and {put.name for put in session.get_inputs()} <= _INPUTS:
        return session, outputs[0]
    raise ModelUnavailable(
        f"Het ONNX-bestand van {origin.name} is geen model dat tekst in vectoren omzet.",
        "Zet RAADSGEHEUGEN_BACKEND op torch.",
    )


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(_longest(folder))
    pad = read_json(folder / "tokenizer_config.json").get("pad_token", "[PAD]")
    pad = pad["content"] if isinstance(pad, dict) else pad
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id(pad) or 0, pad_token=pad)
    return tokenizer


def _longest(folder: Path) -> int:
    """Tokens read of a text."""
    longest = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    longest = longest or read_json(folder / "tokenizer_config.json").get("model_max_length") or _LONGEST
    return int(min(longest, read_json(folder / "config.json").get("max_position_embeddings") or _LONGEST))


def _digest(weights: Path) -> str:
    """A digest of some four thousand pieces of the ONNX file and of the file with its data beside it."""
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
