"""How well letters are read: right labels are kept, and every planted fault lowers its own figure and fails its gate."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.__main__ import main
from eval.datasets.corpus import temporary_store
from eval.datasets.labels import Labels, Naming, load_labels
from eval.datasets.spans import find_words, match_spans
from eval.metrics.gates import Gate
from eval.reports.measurements import reading_report
from eval.runs import reading as measuring
from eval.runs.findings import ReadLetter, RequestOutcome, compare
from eval.runs.reading import compare_letters, summarise_findings
from ingest.job.job import Ingest
from vectorstore.errors import WrongUse
from vectorstore.letters import DateBasis, Letter, Passage, Request, Signatory, Utterance, Voice
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

ADVICE, REPLY = "advies.txt", "reactie.txt"
TEXTS = {
    ADVICE: """
        Wmo-raad Duinerveen
        Aan het college van burgemeester en wethouders van Duinerveen
        Datum: 4 mei 2021
        Kenmerk: WR 2021-07
        Onderwerp: Advies over de regiotaxi

        Geacht college,

        Het college stelt: “De regiotaxi rijdt in de regel op tijd en klachten zijn er nauwelijks.” Wij horen iets anders.
        Wij vragen u om elk kwartaal de wachttijden te publiceren.
        Wilt u ook de ritten in het weekeinde tellen?

        Met vriendelijke groet,
        namens de Wmo-raad Duinerveen,
        A. de Boer
    """,
    REPLY: """
        Gemeente Duinerveen
        Aan de Wmo-raad Duinerveen
        Datum: 1 juli 2021
        Kenmerk: Z/21/00412
        Onderwerp: Reactie op uw advies over de regiotaxi

        Geachte leden van de Wmo-raad,

        Dank voor uw advies van 4 mei 2021 (kenmerk WR 2021-07). De wachttijden publiceren wij voortaan elk kwartaal.

        Hoogachtend,
        burgemeester en wethouders van Duinerveen
    """,
}
LABELS = """
letters:
- source: advies.txt
  reference: WR 2021-07
  date: 2021-05-04
  date_basis: stated
  subject: advies over de Regiotaxi
  kind: advice
  sender: [Wmo-raad Duinerveen, Wmo-raad]
  signatories: [[A. de Boer, null]]
  copies: []
  also: []
  voices:
  - {voice: executive, text: "De regiotaxi rijdt in de regel op tijd … nauwelijks."}
  - {voice: council, text: 'Wij  horen iets anders.'}
  references: []
  requests:
  - text: Wij vragen u om elk kwartaal de wachttijden te publiceren.
    answered_by: [{source: reactie.txt, text: De wachttijden publiceren wij voortaan elk kwartaal.}]
  - {text: "Wilt u ook de ritten in het weekeinde tellen?", reply: reactie.txt}
- source: reactie.txt
  reference: Z/21/00412
  date: 2021-07-01
  references:
  - {text: uw advies van 4 mei 2021, to: advies.txt, kind: replies}
  - {text: Dank voor uw advies, to: null, kind: names, optional: true}
  requests: []
"""
Spoil = Callable[[ReadLetter], ReadLetter]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A letter and its reply."""
    made = tmp_path / "letters"
    made.mkdir()
    for name, text in TEXTS.items():
        (made / name).write_text("\n".join(line.strip() for line in text.strip().split("\n")), encoding="utf-8")
    return made


@pytest.fixture
def label_file(tmp_path: Path) -> Path:
    """What they say."""
    path = tmp_path / "labels-duinerveen.yaml"
    path.write_text(LABELS, encoding="utf-8")
    return path


@pytest.fixture
def store(folder: Path, embedder: Embedder) -> Iterator[Store]:
    """The letters, ingested."""
    with temporary_store(Settings(), embedder) as opened:
        Ingest(opened, embedder).run([folder])
        yield opened


def as_labelled(text: str, identifier: str, source: str) -> Letter:
    """A letter read exactly as its labels say, but for what `perfect` adds."""
    lines = "\n".join(line.strip() for line in text.strip().split("\n"))
    return Letter(id=identifier, text=lines, source=source, sha256="0")


def span(letter: Letter, words: str) -> tuple[int, int]:
    return find_words(words, letter)[0]


@pytest.fixture
def perfect() -> dict[str, ReadLetter]:
    """Both letters read without a fault."""
    advice, reply = as_labelled(TEXTS[ADVICE], "a", ADVICE), as_labelled(TEXTS[REPLY], "r", REPLY)
    asked = [span(advice, "Wij vragen … publiceren."), span(advice, "Wilt u … tellen?")]
    advice = replace(
        advice,
        reference="WR 2021-07",
        date=dt.date(2021, 5, 4),
        date_basis=DateBasis.STATED,
        subject="Advies over de regiotaxi",
        kind="advice",
        sender="de Wmo-raad",
        signatories=(Signatory("A. de Boer"),),
        voice=Voice.COUNCIL,
        utterances=(Utterance(*span(advice, "“De regiotaxi … nauwelijks.”"), Voice.EXECUTIVE),),
        requests=tuple(Request(*place) for place in asked),
    )
    reply = replace(reply, reference="Z/21/00412", date=dt.date(2021, 7, 1), date_basis=DateBasis.STATED)
    treated = Passage("r-1-0", reply, *span(reply, "De wachttijden publiceren wij voortaan elk kwartaal."))
    answers = (
        RequestOutcome(asked[0], frozenset({REPLY}), treated),
        RequestOutcome(asked[1], frozenset({REPLY}), None),
    )
    sources = {"a": frozenset({ADVICE}), "r": frozenset({REPLY})}
    return {
        ADVICE: ReadLetter(advice, (), (), answers, sources),
        REPLY: ReadLetter(reply, ((Naming.REPLIES, frozenset({ADVICE})),), (), (), sources),
    }


def figures(label_file: Path, letters: dict[str, ReadLetter]) -> dict[str, float]:
    labels = load_labels(label_file)
    return summarise_findings(
        [found for label in labels.letters for found in compare(label, letters.get(label.source))]
    )


def test_letters_read_as_labelled_have_full_marks(label_file: Path, perfect: dict[str, ReadLetter]) -> None:
    metrics = figures(label_file, perfect)
    assert set(metrics.values()) == {1.0}
    assert {"reference", "date", "copies", "voice", "replies recall", "requests precision", "answers"} <= set(metrics)


def letter_with(**changes: object) -> Spoil:
    return lambda read: replace(read, letter=replace(read.letter, **changes))


def with_its_signature_asked(read: ReadLetter) -> ReadLetter:
    requests = (*read.letter.requests, Request(len(read.letter.text) - 9, len(read.letter.text)))
    return replace(read, letter=replace(read.letter, requests=requests))


def treated_by_the_greeting(read: ReadLetter) -> ReadLetter:
    passage = read.answers[0].passage
    assert passage
    greeting = replace(passage, start=0, end=30)
    return replace(read, answers=(replace(read.answers[0], passage=greeting), read.answers[1]))


@pytest.mark.parametrize(
    ("source", "spoil", "lowered"),
    [
        (ADVICE, letter_with(reference="WR 2021-70"), {"reference"}),
        (ADVICE, letter_with(date=dt.date(2021, 4, 5)), {"date"}),
        (ADVICE, letter_with(date_basis=DateBasis.MANIFEST), {"date_basis"}),
        (ADVICE, letter_with(subject=None), {"subject"}),
        (ADVICE, letter_with(kind="letter"), {"kind"}),
        (ADVICE, letter_with(sender="het college"), {"sender"}),
        (ADVICE, letter_with(signatories=(Signatory("B. de Boer"),)), {"signatories"}),
        (ADVICE, letter_with(signatories=(Signatory("A. de Boer", "voorzitter"),)), {"functions"}),
        (ADVICE, letter_with(copies=("de griffie",)), {"copies"}),
        (ADVICE, letter_with(utterances=()), {"voice", "council precision", "executive recall"}),
        (ADVICE, letter_with(voice=Voice.UNKNOWN), {"voice", "council recall", "unknown precision"}),
        (ADVICE, letter_with(requests=()), {"requests recall", "answers", "answers recall"}),
        (ADVICE, with_its_signature_asked, {"requests precision"}),
        (ADVICE, lambda read: replace(read, answers=()), {"answers", "answers recall"}),
        (ADVICE, treated_by_the_greeting, {"answers", "answers recall", "answers precision"}),
        (REPLY, lambda read: replace(read, named=()), {"replies recall"}),
        (
            REPLY,
            lambda read: replace(read, named=(*read.named, (Naming.QUOTES, frozenset({"x"})))),
            {"quotes precision"},
        ),
        (REPLY, lambda read: replace(read, unresolved=((0, 9),)), {"unresolved precision"}),
    ],
)
def test_a_planted_fault_lowers_its_own_figures(
    source: str, spoil: Spoil, lowered: set[str], label_file: Path, perfect: dict[str, ReadLetter]
) -> None:
    metrics = figures(label_file, perfect | {source: spoil(perfect[source])})
    assert {name for name, value in metrics.items() if value < 1} == lowered


def test_a_link_that_only_names_is_no_reply_but_a_reply_also_names(
    label_file: Path, perfect: dict[str, ReadLetter]
) -> None:
    named = replace(perfect[REPLY], named=((Naming.NAMES, frozenset({ADVICE})), *perfect[REPLY].named))
    assert set(figures(label_file, perfect | {REPLY: named}).values()) == {1.0}
    only = replace(named, named=named.named[:1])
    assert figures(label_file, perfect | {REPLY: only})["replies recall"] == 0.0


def test_a_letter_that_could_not_be_read_is_wrong_in_everything(
    label_file: Path, perfect: dict[str, ReadLetter]
) -> None:
    metrics = figures(label_file, {REPLY: perfect[REPLY]})
    assert metrics["read"] == metrics["reference"] == 0.5
    assert metrics["voice"] == metrics["copies"] == metrics["requests recall"] == metrics["answers"] == 0.0


def test_stored_letters_are_compared_and_gated(store: Store, label_file: Path) -> None:
    labels = load_labels(label_file)
    reading = compare_letters(labels, store, gates=(Gate("date", least=1.0), Gate("executive recall", least=1.0)))
    assert reading.passed
    assert reading.metrics["read"] == 1.0


@pytest.mark.parametrize(
    ("right", "wrong", "gate"),
    [
        ("date: 2021-05-04", "date: 2021-05-05", "date"),
        ("{voice: council, text: 'Wij  horen", "{voice: executive, text: 'Wij  horen", "executive recall"),
    ],
)
def test_a_gate_fails_when_letters_are_read_otherwise_than_labelled(
    right: str, wrong: str, gate: str, store: Store, label_file: Path
) -> None:
    label_file.write_text(LABELS.replace(right, wrong), encoding="utf-8")
    reading = compare_letters(load_labels(label_file), store, gates=(Gate(gate, least=1.0),))
    assert not reading.passed
    report = reading_report(reading)
    assert "FAILED" in report
    assert "expected executive, got council" in report or "expected 2021-05-05, got 2021-05-04" in report


def test_the_command_writes_figures_and_exits_by_its_gates(
    folder: Path, label_file: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(measuring, "open_embedder", lambda _settings: embedder)
    arguments = ["reading", "--archive", str(folder), "--labels", str(label_file), "--out", str(tmp_path / "out.json")]
    assert main(arguments) == 0
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert content["metrics"]["date"] == 1.0
    assert content["confusion"]["executive"]["executive"] == 1
    monkeypatch.setattr(measuring, "gates_for", lambda _name: (Gate("date", most=0.5),))
    assert main(arguments) == 1


def test_labelled_words_must_stand_in_the_letter(
    folder: Path, label_file: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(measuring, "open_embedder", lambda _settings: embedder)
    label_file.write_text(LABELS.replace("horen iets anders", "horen niets anders"), encoding="utf-8")
    arguments = ["reading", "--archive", str(folder), "--labels", str(label_file), "--out", str(tmp_path / "out.json")]
    assert main(arguments) == 2
    assert "advies.txt does not say 'Wij  horen niets anders.'" in capsys.readouterr().err
    assert main([*arguments, "--allow-missing"]) == 0


def test_labelled_words_must_stand_there_once(store: Store, label_file: Path) -> None:
    label_file.write_text(LABELS.replace("'Wij  horen iets anders.'", "wij"), encoding="utf-8")
    with pytest.raises(WrongUse, match=r"says 'wij' \d times"):
        compare_letters(load_labels(label_file), store)


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("voice: council", "voice: wethouder", "voice cannot be 'wethouder'"),
        ("reference: WR 2021-07", "kenmerk: WR 2021-07", "no field 'kenmerk'"),
        ("date: 2021-05-04", "date: 4 mei", "write it as 2020-01-30"),
        ("kind: replies", "kind: antwoord", "kind cannot be 'antwoord'"),
        (
            "source: reactie.txt\n  reference",
            "source: advies.txt\n  reference",
            "letter advies.txt: its source was used before",
        ),
        ("reply: reactie.txt}", "reply: reactie.txt, answered_by: [{source: a, text: b}]}", "leave one"),
        ("letters:", "brieven:", "must hold one list, 'letters'"),
    ],
)
def test_a_wrong_label_file_says_what_is_wrong(right: str, wrong: str, complaint: str, label_file: Path) -> None:
    label_file.write_text(LABELS.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(WrongUse, match=complaint):
        load_labels(label_file)


def test_words_are_found_whatever_their_spaces_case_and_quotation_marks() -> None:
    letter = Letter(id="x", text="Hij zei:\n„Het\u00a0kán  niet”, en ging.", source="x", sha256="0")
    assert find_words('"het kán niet"', letter) == [(9, 24)]
    assert find_words("Hij … ging.", letter) == [(0, len(letter.text))]
    assert find_words("het kan niet", letter) == []


def test_words_that_were_recognised_may_differ_a_little() -> None:
    letter = Letter(id="x", text="Wij stellen een vergoedlng van 25 euro beschikbaar.", source="x", sha256="0")
    words = "een vergoeding van 25 euro"
    assert find_words(words, letter) == []
    (start, end), *_ = find_words(words, replace(letter, confidence=(0.9,)))
    assert letter.text[start:end] == "een vergoedlng van 25 euro"


@pytest.mark.parametrize(
    ("labels", "read", "pairs"),
    [
        ([(0, 10)], [(0, 10)], {0: 0}),
        ([(0, 10), (10, 20)], [(0, 20)], {0: 0}),
        ([(0, 10), (10, 20)], [(8, 20), (0, 6)], {0: 1, 1: 0}),
        ([(0, 10)], [(6, 30)], {}),
        ([(0, 10)], [(0, 10), (1, 9)], {0: 0}),
    ],
)
def test_a_stretch_that_was_read_is_at_most_one_labelled(
    labels: Sequence[tuple[int, int]], read: Sequence[tuple[int, int]], pairs: dict[int, int]
) -> None:
    assert match_spans(labels, read) == pairs


def test_the_sample_archive_has_a_file_for_every_label() -> None:
    for name, folder in (("labels.yaml", "archive"), ("labels-other.yaml", "other")):
        labels: Labels = load_labels(Path("eval/sample") / name)
        files = {path.relative_to(Path("eval/sample") / folder) for path in (Path("eval/sample") / folder).rglob("*")}
        assert all(any(Path(letter.source).is_relative_to(file) for file in files) for letter in labels.letters)
