"""Training of the bundled bilingual model from public data: ``python -m vectorstore.training --help``."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from vectorstore.training.pairs import families
from vectorstore.training.sources import Sources
from vectorstore.training.static import Settings, train_table
from vectorstore.training.tokenizer import Vocabulary, balance, count_words, train_tokenizer

__all__ = ["Settings", "save_model", "train_model", "vocabulary_of"]


def vocabulary_of(sources: Sources, size: int) -> Vocabulary:
    """Return the tokenizer for ``sources``, on a mix in which the few English words weigh as much as the Dutch."""
    corpora = {
        "laws": (count_words(t for law in sources.laws for a in law for t in (a.heading, a.text)), 1.5),
        "dutch sentences": (count_words(dutch for _, dutch in sources.sentences), 0.5),
        "english sentences": (count_words(english for english, _ in sources.sentences), 0.75),
        "glosses": (count_words(entry.gloss for entry in sources.entries), 0.75),
        "english words": (count_words(entry.english for entry in sources.entries), 0.75),
        "dutch words": (count_words(word for entry in sources.entries for word in entry.dutch), 0.5),
        "field": (count_words(term for pair in sources.domain for term in pair), 0.25),
    }
    return train_tokenizer(balance({name: found for name, found in corpora.items() if found[0]}), size)


def train_model(sources: Sources, vocabulary_size: int, settings: Settings) -> tuple[Vocabulary, Tensor]:
    """Train tokenizer and table. Same sources, settings and machine: same result, bit for bit."""
    vocabulary = vocabulary_of(sources, vocabulary_size)
    return vocabulary, train_table(families(sources, settings.seed), vocabulary, settings)


def save_model(vocabulary: Vocabulary, table: Tensor, folder: Path) -> None:
    """Write the folder that ``SentenceTransformer(folder)`` loads: the table in float16."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    save_file({"embedding.weight": table.to(torch.float16).contiguous()}, folder / "model.safetensors")
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    configuration = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    name = "config_sentence_transformers.json"
    (folder / name).write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")
