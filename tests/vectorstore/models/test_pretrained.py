"""Models that are not there: said at once, with a remedy, and without wearing out the network."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vectorstore.errors import ModelUnavailable
from vectorstore.models.embedder import SentenceTransformerEmbedder
from vectorstore.models.load import Backend, load_embedder
from vectorstore.models.reranker import CrossEncoderReranker

LOADERS = {
    "torch": "vectorstore.models.embedder.SentenceTransformerEmbedder",
    "onnx": "vectorstore.models.onnx.OnnxEmbedder",
    "reranker": "vectorstore.models.reranker.CrossEncoderReranker",
}
STATUSES = (503, 404)
SCRIPT = f"""
from importlib import import_module
from vectorstore.errors import ModelUnavailable
for kind, path in {LOADERS}.items():
    module, _, loader = path.rpartition(".")
    for status in {STATUSES}:
        try:
            getattr(import_module(module), loader)(f"iemand/{{kind}}-{{status}}")
        except ModelUnavailable as error:
            print(kind, status, error.problem, error.remedy)
"""


class Hub(ThreadingHTTPServer):
    """A hub that has no model, and gives every request the status that the name of the model ends in."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        hub = self

        class Refusing(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(self.path)
                status = next((status for status in STATUSES if f"-{status}" in self.path), 400)
                self.send_response(status)
                self.send_header("X-Error-Code", "RepoNotFound" if status == 404 else "")
                self.end_headers()

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Refusing)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """What a hub was asked for by a program that looks for models it does not have, and what the program said.

    It is one program, as what loads models takes long to import.
    """
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever)
        thread.start()
        environment = os.environ | {
            "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_address[1]}",
            "HF_HOME": str(tmp_path_factory.mktemp("hub")),
            "NO_PROXY": "127.0.0.1",
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, env=environment
        )
        hub.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    return hub.asked, done.stdout


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("status", STATUSES)
def test_a_hub_that_does_not_have_the_model_is_asked_once(asked: tuple[list[str], str], kind: str, status: int) -> None:
    requests, said = asked
    (told,) = (line for line in said.splitlines() if line.startswith(f"{kind} {status} "))
    assert f"iemand/{kind}-{status}" in told
    assert ("RAADSGEHEUGEN_RERANKER" if kind == "reranker" else "RAADSGEHEUGEN_MODEL") in told
    assert len([path for path in requests if f"iemand/{kind}-{status}" in path]) == 1, requests
    assert len(requests) == len(LOADERS) * len(STATUSES), requests


@pytest.mark.parametrize("backend", list(Backend))
@pytest.mark.parametrize("name", ["/bestaat/niet", "modellen/van/ons", "bestaat niet"])
def test_what_cannot_be_a_name_on_a_hub_is_a_missing_folder(name: str, backend: Backend) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        load_embedder(name, backend=backend)
    assert name in raised.value.problem
    assert "map" in raised.value.problem
    assert raised.value.remedy


def test_a_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model").touch()
    for load in (SentenceTransformerEmbedder, CrossEncoderReranker):
        with pytest.raises(ModelUnavailable):
            load(tmp_path / "model")
