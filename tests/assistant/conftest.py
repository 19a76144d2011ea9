"""A small archive of invented letters, read by the real job and searched through the real stack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.composition import open_archive, open_embedder, open_store
from assistant.settings import Settings
from ingest.job import Ingest
from tests.chat_server import chat_server
from vectorstore.embedding import Embedder

from .opened_models import Serve

LETTERS = {
    "advies-fietsen.txt": """Cliëntenraad Veldstad

Aan: het college van burgemeester en wethouders van Veldstad
Datum: 4 maart 2018
Ons kenmerk: CRV 2018-03
Onderwerp: Advies over het Fietsenplan

Geacht college,

De Cliëntenraad vindt het Fietsenplan een goede stap. Wel missen wij een regeling voor mensen die te ver van een halte
wonen. Wij adviseren u om 200 fietsen beschikbaar te stellen voor mensen met een minimuminkomen.

Het college stelt:

“De vraag naar fietsen is klein en neemt naar verwachting de komende jaren verder af.”

Wij herkennen dat beeld niet. Bij ons spreekuur vroegen 43 mensen om een fiets.

Graag ontvangen wij uw schriftelijke reactie.

Met vriendelijke groet,

Anna de Wit
Voorzitter Cliëntenraad Veldstad
""",
    "reactie-fietsen.txt": """Gemeente Veldstad

Aan: de Cliëntenraad Veldstad
Datum: 11 juni 2018
Ons kenmerk: 2018/4471
Onderwerp: Reactie op uw advies over het Fietsenplan

Geachte leden van de Cliëntenraad,

In uw advies van 4 maart 2018 vraagt u om 200 fietsen. Wij stellen 150 fietsen beschikbaar en kijken na een jaar of dat
genoeg is. De kosten zijn 30.000 euro.

Hoogachtend,

burgemeester en wethouders van Veldstad,
Karel Blom, burgemeester
""",
    "brief-zwembad.md": """# Cliëntenraad Veldstad

Aan: het college van burgemeester en wethouders van Veldstad

Datum: 9 september 2021

Onderwerp: Toegang tot het zwembad

Geacht college,

Wij vragen u om de stadspas ook bij het zwembad geldig te maken. Kinderen uit gezinnen met een laag inkomen leren nu
niet zwemmen. <script>window.aangetast = 1</script>

Met vriendelijke groet,

Bram Post
Voorzitter Cliëntenraad Veldstad
""",
}


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder(Settings())


@pytest.fixture(scope="session")
def letters_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brieven")
    for name, text in LETTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def data_folder(letters_folder: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("archief")
    store = open_store(Settings(data=data), embedder)
    Ingest(store, embedder).run([letters_folder])
    store.close()
    return data


@pytest.fixture(scope="session")
def assistant(data_folder: Path, embedder: Embedder) -> Iterator[Assistant]:
    store = open_store(Settings(data=data_folder), embedder)
    yield Assistant(open_archive(store, embedder))
    store.close()


@pytest.fixture
def empty_assistant(tmp_path: Path, embedder: Embedder) -> Iterator[Assistant]:
    store = open_store(Settings(data=tmp_path), embedder)
    yield Assistant(open_archive(store, embedder))
    store.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers, which stop after the test."""
    with ExitStack() as servers:
        yield lambda script: servers.enter_context(chat_server(script))
