from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from assistant.retriever import ArchiveRetriever
from tests.vectorstore.archives import archive_of, make_letter, open_store, put
from vectorstore.analysis.dutch import Analyser
from vectorstore.letters import DateBasis, Filters, Utterance, Voice
from vectorstore.search import Archive
from vectorstore.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    for number in range(3):
        put(opened, make_letter(number, pages=(0, 40)))
    yield opened
    opened.close()


@pytest.fixture
def archive(store: Store) -> Archive:
    analyser = Analyser()
    return archive_of(store, analyser)


def test_a_document_is_a_passage_with_what_is_needed_to_cite_it(archive: Archive) -> None:
    (found,) = ArchiveRetriever(archive=archive, count=1).invoke("Wat zei de raad over de armoedeval?")
    letter = archive.store.letter("letter-0")
    metadata = dict(found.metadata)
    assert found.page_content == letter.text[metadata["start"] : metadata["end"]]
    assert metadata.pop("score") > 0
    assert metadata == {
        "letter": "letter-0",
        "source": "map/brief 0.txt",
        "reference": "CR 2020-0",
        "kind": "advice",
        "author": "council",
        "date": "2020-01-01",
        "subject": "advies 0",
        "voice": "council",
        "page": 1,
        "start": 0,
        "end": 57,
    }
    json.dumps(found.metadata)


def test_what_a_letter_does_not_say_is_none(store: Store, archive: Archive) -> None:
    quoting = make_letter(
        9,
        "De leges zijn te hoog.",
        reference=None,
        date=None,
        date_basis=DateBasis.UNKNOWN,
        subject=None,
        utterances=(Utterance(0, 20, Voice.EXECUTIVE),),
    )
    put(store, quoting)
    archive = archive_of(store, archive.analyser)
    (found,) = ArchiveRetriever(archive=archive, count=1).invoke("leges")
    assert {found.metadata[name] for name in ("reference", "date", "subject", "page")} == {None}
    assert (found.metadata["author"], found.metadata["voice"]) == ("council", "executive")


@pytest.mark.parametrize("question", ["What did the council say about the poverty trap?", "armoedeval"])
def test_questions_in_either_language(archive: Archive, question: str) -> None:
    assert ArchiveRetriever(archive=archive).invoke(question)[0].metadata["letter"] == "letter-0"


def test_filters_and_count(archive: Archive) -> None:
    retriever = ArchiveRetriever(archive=archive, count=4, filters=Filters(letter="CR 2020-1"))
    assert {document.metadata["reference"] for document in retriever.invoke("de wachttijd van de bijstand")} == {
        "CR 2020-1"
    }
    assert len(ArchiveRetriever(archive=archive, count=4).invoke("de wachttijd van de bijstand")) == 4
    with pytest.raises(ValidationError):
        ArchiveRetriever(archive=archive, count=0)


class Renewed:
    """An archive that is another each time."""

    def __init__(self, store: Store, analyser: Analyser) -> None:
        self._store = store
        self._analyser = analyser

    def current(self) -> Archive:
        return archive_of(self._store, self._analyser)


def test_letters_that_came_later_are_found(store: Store, archive: Archive) -> None:
    retriever = ArchiveRetriever(archive=Renewed(store, archive.analyser), count=1)
    assert retriever.invoke("leges") != []
    put(store, make_letter(7, "De leges zijn te hoog."))
    assert [document.page_content for document in retriever.invoke("leges")] == ["De leges zijn te hoog."]


def test_in_a_chain(archive: Archive) -> None:
    """A plain LCEL chain: retrieve, fill a prompt, answer."""

    def shown(documents: list[Document]) -> str:
        return "\n".join(f"{d.metadata['reference']}: {d.page_content}" for d in documents)

    prompt = ChatPromptTemplate.from_messages([("system", "Bronnen:\n{sources}"), ("human", "{question}")])
    model = RunnableLambda(lambda value: value.to_messages()[0].content)
    retriever = ArchiveRetriever(archive=archive, count=1)
    chain = {"sources": retriever | shown, "question": RunnablePassthrough()} | prompt | model | StrOutputParser()
    expected = "Bronnen:\nCR 2020-1: Het college houdt vast aan de taaleis."
    assert chain.invoke("Wat vindt het college van de taaleis?") == expected
    assert chain.batch(["de taaleis"] * 8, {"max_concurrency": 4}) == [expected] * 8
    with ThreadPoolExecutor() as apart:  # a browser of another test may keep a loop running in this thread
        assert apart.submit(lambda: asyncio.run(chain.ainvoke("de taaleis"))).result() == expected
