"""Many threads ask one assistant at once, without a lock around reading, and get what one alone would get."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.serialisation import result_json
from assistant.assistant import Assistant
from assistant.composition import open_library, open_reader
from assistant.evidence.coverage import TextReader
from assistant.settings import Settings
from vectorstore.analysis.dutch import Analyser
from vectorstore.models.embedder import Embedder

THREADS = 8
ASKED = [
    f"{asking} {subject}?"
    for asking, subject in product(
        (
            "Wat adviseerde de cliëntenraad over",
            "Wat antwoordde het college over",
            "Hoeveel kost",
            "Waarom is de raad tegen",
            "What did the council write about",
        ),
        (
            *(
                "het fietsenplan",
                "fietsen voor minima",
                "het zwembad",
                "de stadspas",
                "de haltes",
                "het minimuminkomen",
            ),
            *("de verlagingen", "bicycles", "schuldhulpverlening", "de brief van Anna de Wit"),
        ),
    )
]


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def answer(assistant: Assistant, question: str) -> dict[str, Any]:
    return result_json(assistant.ask(question)) | {"seconds": 0}


@pytest.mark.usefixtures("hurried")
def test_threads_get_the_answers_that_are_given_one_by_one(
    assistant: Assistant, data_folder: Path, embedder: Embedder
) -> None:
    alone = [answer(assistant, question) for question in ASKED]
    fresh = Assistant(open_library(Settings(data=data_folder), embedder, reader=open_reader(Settings())))
    with ThreadPoolExecutor(THREADS) as pool:
        rounds = [pool.submit(answer, fresh, question) for question in ASKED[::-1] + ASKED]
        together = [each.result() for each in rounds]
    assert len(alone) == 50
    assert together == alone[::-1] + alone
    assert any(each["answered"] for each in alone)


@given(st.text() | st.text("ab0129.,'’s-& \n\u00a0é½", max_size=40))
def test_a_text_has_the_words_of_what_stands_between_its_white_space(reader: TextReader, text: str) -> None:
    terms = reader._analyser.terms(text)
    words = reader.words_of(text)
    assert words.stems == tuple(dict.fromkeys(stem for term in terms for stem in (term.stem, *term.parts)))
    forms = (form for term in terms for form in (term.surface, *term.parts) if len(form) > 3)
    assert words.forms == tuple(dict.fromkeys(forms))


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return TextReader(Analyser())
