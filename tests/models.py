"""Real models small enough to make in a test, saved as their makers save large ones."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

WORDS = """
    [PAD] [UNK] [CLS] [SEP] [MASK] de raad vond taaleis armoedeval schuld vraag : brief over het college lonen moet werken
""".split()
PROMPTS = {"query": "vraag : ", "document": "brief : "}


def save_static(folder: Path, seed: int = 1, prompts: dict[str, str] | None = None) -> Path:
    """A model that averages a vector for each word."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    torch.manual_seed(seed)
    module = StaticEmbedding(tokenizer, embedding_dim=16)
    SentenceTransformer(modules=[module], prompts=prompts, device="cpu").save(str(folder))
    return folder


SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def save_tokenizer(folder: Path) -> None:
    """A WordPiece tokenizer of a few words and all letters."""
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True)
    letters = [mark + letter for letter in "abcdefghijklmnopqrstuvwxyz" for mark in ("", "##")]
    (folder / "vocab.txt").write_text("\n".join([*WORDS, *letters]), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)


def save_transformer(
    folder: Path, seed: int = 1, prompts: dict[str, str] | None = None, longest: int = 32, pooling: str = "mean"
) -> Path:
    """A BERT of two layers with a pooling."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    inner = folder.parent / f"{folder.name}-bert"
    save_tokenizer(inner)
    torch.manual_seed(seed)
    BertModel(BertConfig(vocab_size=len(WORDS) + 52, max_position_embeddings=512, **SIZES)).save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=longest)
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling)]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


def save_cross_encoder(folder: Path, seed: int = 1, labels: int = 1) -> Path:
    """A BERT of two layers that scores pairs."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification

    inner = folder.parent / f"{folder.name}-bert"
    save_tokenizer(inner)
    torch.manual_seed(seed)
    config = BertConfig(vocab_size=len(WORDS) + 52, max_position_embeddings=512, num_labels=labels, **SIZES)
    BertForSequenceClassification(config).save_pretrained(inner)
    CrossEncoder(str(inner), device="cpu").save(str(folder))
    return folder


def add_onnx(folder: Path) -> Path:
    """Put the transformer of a saved model beside it in ONNX."""
    pytest.importorskip("onnx", reason="the exporter of torch needs the package onnx, which the dev extra installs")
    import torch
    from transformers import AutoModel, AutoTokenizer

    names = ["input_ids", "attention_mask", "token_type_ids"]

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(folder)

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.bert(**dict(zip(names, given, strict=True))).last_hidden_state
            return states

    example = AutoTokenizer.from_pretrained(folder)(["de raad vond de taaleis"], return_tensors="pt")
    target = folder / "onnx" / "model.onnx"
    target.parent.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Network().eval(),
            tuple(example[name] for name in names),
            str(target),
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in [*names, "last_hidden_state"]},
            dynamo=False,
        )
    return folder
