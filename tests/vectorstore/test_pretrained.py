"""Models that are not there: said at once, with a remedy, and without wearing out the network."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vectorstore.embedding import SentenceTransformerEmbedder
from vectorstore.errors import ModelUnavailable
from vectorstore.models import Backend, load_embedder
from vectorstore.reranking import CrossEncoderReranker

LOADERS = {
    "torch": "from vectorstore.embedding import SentenceTransformerEmbedder as load",
    "onnx": "from vectorstore.onnx import OnnxEmbedder as load",
    "reranker": "from vectorstore.reranking import CrossEncoderReranker as load",
}


class Hub(ThreadingHTTPServer):
    """A hub that gives every request the same status."""

    def __init__(self, status: int) -> None:
        self.asked: list[str] = []
        hub = self

        class Refusing(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(self.path)
                self.send_response(status)
                self.send_header("X-Error-Code", "RepoNotFound" if status == 404 else "")
                self.end_headers()

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Refusing)


@pytest.fixture(params=[503, 404])
def hub(request: pytest.FixtureRequest) -> Iterator[Hub]:
    with Hub(request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", LOADERS)
def test_a_hub_that_does_not_have_the_model_is_asked_once(hub: Hub, kind: str, tmp_path: Path) -> None:
    script = f"""
{LOADERS[kind]}
from vectorstore.errors import ModelUnavailable
try:
    load("iemand/bestaat-niet")
except ModelUnavailable as error:
    print(error)
"""
    environment = os.environ | {
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_address[1]}",
        "HF_HOME": str(tmp_path),
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert "iemand/bestaat-niet" in done.stdout, done.stderr
    setting = "RAADSGEHEUGEN_RERANKER" if kind == "reranker" else "RAADSGEHEUGEN_MODEL"
    assert setting in done.stdout
    assert len(hub.asked) == 1, hub.asked


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
