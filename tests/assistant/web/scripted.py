"""A scripted assistant with real values: five invented letters, and answers that are fixed beforehand."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from assistant.answers import Answer, Language, NoAnswer, Progress, Result, Searched, Statement
from assistant.stopping import NEVER, Stop
from assistant.written import Destination, Dropped, Fault, Writing
from tests.waiting import PATIENCE
from vectorstore.errors import ArchiveUnavailable
from vectorstore.letters import Citation, DateBasis, Filters, Kind, Letter, Passage, Utterance, Voice
from vectorstore.store import FileRecord, FileState

if TYPE_CHECKING:
    from assistant.assistant import Assistant

HOSTILE = (
    '<script>window.hacked = true</script> <img src="x" onerror="window.hacked = true"> '
    "${window.hacked = true} {{constructor.constructor('window.hacked = true')()}} "
    "**vet** $x^2$ [3](javascript:alert(1))"
)
"""Everything that some part of a page could take for more than words."""

_FILLER = "\n\n".join(
    f"Alinea {number}. In de afgelopen maanden spraken wij met inwoners, met de wijkteams en met de "
    "voedselbank. Wat zij ons vertelden, hebben wij in deze brief zo goed mogelijk bij elkaar gezet."
    for number in range(1, 15)
)


def letter(identifier: str, text: str, **fields: object) -> Letter:
    """A letter with the parts that no test looks at filled in."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Letter(id=identifier, text=text, source=f"brieven/{identifier}.txt", sha256=digest, **fields)  # type: ignore[arg-type]


ADVICE = letter(
    "oev-2019-03",
    "Cliëntenraad Werk & Inkomen Oevermeer\n\nAan: het college van burgemeester en wethouders\n\n"
    f"Geacht college,\n\n{_FILLER}\n\n"
    "Inwoners wachten nu gemiddeld elf weken op een eerste gesprek over hun schulden. "
    "De wet zegt vier weken. "
    "Wij adviseren u om de wachttijd voor schuldhulp terug te brengen tot ten hoogste vier weken. "
    "Wie langer wacht, ziet de schuld ieder week groeien.\n\n"
    "Daarnaast vragen wij u om mensen tijdens het wachten één vast aanspreekpunt te geven.\n\n"
    "Met vriendelijke groet,\nnamens de Cliëntenraad,\nde voorzitter",
    kind=Kind.ADVICE,
    reference="CWI 2019-03",
    date=dt.date(2019, 4, 11),
    date_basis=DateBasis.STATED,
    subject="Advies over de wachttijden bij schuldhulp",
    author=Voice.COUNCIL,
    voice=Voice.COUNCIL,
    sender="Cliëntenraad Werk & Inkomen Oevermeer",
    addressee="het college van burgemeester en wethouders",
    pages=(0, 1500),
)
_QUOTED = "“Wij adviseren u om de wachttijd voor schuldhulp terug te brengen tot ten hoogste vier weken.”"
_BEFORE = "Geachte leden,\n\nHartelijk dank voor uw advies van 11 april 2019. U schreef ons: "
REPLY = letter(
    "college-2019-06-25",
    f"{_BEFORE}{_QUOTED}\n\n"
    "Het college neemt dit advies over. Vanaf 1 januari 2020 krijgt iedere inwoner binnen vier weken "
    "een gesprek. Een vast aanspreekpunt is op dit moment niet haalbaar.\n\nHoogachtend,\nhet college",
    kind=Kind.REPLY,
    reference="Z19/004412",
    date=dt.date(2019, 6, 25),
    date_basis=DateBasis.INFERRED,
    subject="Reactie op uw advies over schuldhulp",
    author=Voice.EXECUTIVE,
    voice=Voice.EXECUTIVE,
    utterances=(Utterance(len(_BEFORE), len(_BEFORE + _QUOTED), Voice.COUNCIL, "het advies van 11 april 2019"),),
)
HOSTILE_LETTER = letter(
    "vreemde-brief",
    f"Aan de raad,\n\nDeze brief bevat vreemde tekens: {HOSTILE} en daarmee houdt het op.\n\nEen inwoner",
    kind=Kind.LETTER,
    subject=f"Vreemd {HOSTILE}",
    sender=HOSTILE,
    author=Voice.OTHER,
    voice=Voice.OTHER,
)
SUMMARY = letter(
    "samenvatting-2021",
    "Samenvatting van een gesprek met de wethouder over de kostendelersnorm en jongeren die thuis wonen.",
    kind=Kind.SUMMARY,
    date=dt.date(2021, 2, 2),
    date_basis=DateBasis.MANIFEST,
)
LETTERS = (HOSTILE_LETTER, ADVICE, REPLY, SUMMARY)
UNREADABLE = tuple(
    FileRecord(source, source, f"/archief/{source}", "00", "1", FileState.UNREADABLE, reason=reason)
    for source, reason in (("scans/kopie <b>oud</b>.pdf", "Dit is een scan."), ("leeg.docx", "Leeg bestand."))
)


def citation(of: Letter, quote: str) -> Citation:
    """The words of a letter cited, in a passage that is the paragraph around them."""
    start = of.text.index(quote)
    first = of.text.rfind("\n\n", 0, start) + 2 if "\n\n" in of.text[:start] else 0
    last = of.text.find("\n\n", start + len(quote))
    passage = Passage(f"{of.id}#{first}", of, first, last if last > 0 else len(of.text))
    return Citation(passage, start, start + len(quote))


WAITING = citation(ADVICE, _QUOTED.strip("“”"))
CONTACT = citation(ADVICE, "mensen tijdens het wachten één vast aanspreekpunt te geven")
TAKEN_OVER = citation(REPLY, "Het college neemt dit advies over.")
REPEATED = citation(REPLY, _QUOTED)
STRANGE = citation(HOSTILE_LETTER, HOSTILE)

_WHO = {
    Language.DUTCH: (
        "In het advies CWI 2019-03 van 11 april 2019 schrijft de Cliëntenraad: “{}”",
        "In hetzelfde advies vraagt de raad om “{}”.",
        "Het college antwoordt in de brief van 25 juni 2019 (datum afgeleid): “{}”",
    ),
    Language.ENGLISH: (
        "In advice CWI 2019-03 of 11 April 2019 the client council writes: “{}”",
        "In the same advice the council asks for “{}”.",
        "The executive replies in its letter of 25 June 2019 (date inferred): “{}”",
    ),
}


MODEL = "model-<b>7</b>"
LOCAL = Destination(MODEL, "localhost", local=True)
AWAY = Destination(MODEL, "taal.example.org", local=False)
DROPPED = (
    Dropped("De wachttijd is met 40 procent gedaald.", Fault.NUMBER),
    Dropped(f"Het college is hier trots op {HOSTILE}", Fault.UNSUPPORTED),
)
PROBLEM = "De server van het taalmodel antwoordt niet. Kijk of hij aan staat."


class ScriptedAssistant:
    """Knows waiting times and strange signs, and nothing else.

    Args:
        letters: what the archive holds; replace the attribute `held` to change it.
        destination: of the chat model that writes its answers, None when it has no model.

    While the event `surveyed` is not set, asking for all letters waits. While `paced` is set, a model takes each step only
    when the test lets it, with `step`. What a stop ended is in `halted`.
    """

    def __init__(self, letters: tuple[Letter, ...] = LETTERS, destination: Destination | None = None) -> None:
        self.held = letters
        self.destination = destination
        self.paced = threading.Event()
        self.histories: list[tuple[str, ...]] = []
        self.halted: list[str] = []
        self._steps = threading.Semaphore(0)
        self.asked: list[tuple[str, Filters | None]] = []
        self.surveyed = threading.Event()
        self.surveyed.set()

    def ask(
        self,
        question: str,
        filters: Filters | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
    ) -> Result:
        """Fixed answers to "wacht", "wait" and "vreemd", an error to "kapot", and no answer to the rest."""
        self.asked.append((question, filters))
        words = question.lower()
        if "kapot" in words:
            raise ArchiveUnavailable("The archive at /data cannot be used (disk I/O error).", "Check the disk.")
        if "programmafout" in words:
            raise RuntimeError("secret inner workings")
        spoken = language or (Language.ENGLISH if "what" in words else Language.DUTCH)
        statements = self._statements(words, spoken)
        shared = {
            "question": question,
            "standalone_question": f"{history[-1]} {question}" if question == "En daarna?" else question,
            "language": spoken,
            "engine": "scripted",
            "filters": filters or Filters(),
            "searched": self.searched(),
            "retrieved": (),
            "seconds": 0.01,
        }
        if statements:
            return Answer(statements=statements, **shared)  # type: ignore[arg-type]
        text = {
            Language.DUTCH: "Het archief zegt hier niets over. Doorzocht: 4 brieven.",
            Language.ENGLISH: "The archive does not say. Searched: 4 letters.",
        }[spoken]
        nearest = (WAITING.passage, STRANGE.passage) if self.held else ()
        return NoAnswer(text=text, nearest=nearest, **shared)  # type: ignore[arg-type]

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
        stop: Stop = NEVER,
    ) -> Iterator[Progress | Result]:
        """What `ask` says; with a model, statement after statement. "verzin" makes it write what does not hold, "storing"
        makes it fail."""
        self.histories.append(tuple(history))
        result = self.ask(question, filters, language, history)
        if not self.destination or isinstance(result, NoAnswer):
            yield result
            return
        problem = PROBLEM if "storing" in question else None
        steps = [] if problem else _steps_of(result)
        held: tuple[Statement, ...] = ()
        for step in steps:
            if not self._may_go_on(stop):
                self.halted.append(question)
                break
            held = step.statements
            yield step
        dropped = DROPPED if "verzin" in question else ()
        writing = Writing(self.destination.model, dropped, problem=problem, stopped=stop.wished)
        written = {"engine": self.destination.model, "statements": held} if held else {"engine": "extractive"}
        yield replace(result, writing=writing, **written)  # type: ignore[arg-type]

    def step(self, count: int = 1) -> None:
        """Let the model take so many steps: it waits, begins, reads, and writes each statement."""
        self._steps.release(count)

    def _may_go_on(self, stop: Stop) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.paced.is_set() and not stop.wished and time.monotonic() < deadline:
            if self._steps.acquire(timeout=0.02):
                return True
        return not stop.wished

    def _statements(self, words: str, spoken: Language) -> tuple[Statement, ...]:
        if not self.held:
            return ()
        if "vreemd" in words:
            return (Statement(f"Een inwoner schrijft: “{STRANGE.quote}”", (STRANGE,)),)
        if "wacht" in words or "wait" in words:
            first, second, third = _WHO[spoken]
            return (
                Statement(first.format(WAITING.quote), (WAITING, REPEATED)),
                Statement(second.format(CONTACT.quote), (CONTACT,)),
                Statement(third.format(TAKEN_OVER.quote), (TAKEN_OVER,)),
            )
        return ()

    def searched(self, filters: Filters | None = None) -> Searched:
        """What the archive holds."""
        dates = [one.date for one in self.held if one.date]
        unreadable = len(self.unreadable())
        return Searched(len(self.held), min(dates, default=None), max(dates, default=None), unreadable)

    def examples(self, language: Language, count: int = 3) -> list[str]:
        """Three fixed questions, one of them hostile; none when the archive is empty."""
        asked = {
            Language.DUTCH: [
                "Wat schreef de raad over de wachttijden bij schuldhulp?",
                "Wat antwoordde het college over de kostendelersnorm?",
                "Wat staat er in de vreemde brief <b>met</b> tekens?",
            ],
            Language.ENGLISH: [
                "What did the council write about waiting times for debt help?",
                "What did the executive reply about the cost-sharing norm?",
                "What is in the strange letter <b>with</b> signs?",
            ],
        }[language]
        return asked[:count] if self.held else []

    def letters(self) -> list[Letter]:
        """All letters, as given."""
        self.surveyed.wait(PATIENCE)
        return list(self.held)

    def letter(self, identifier: str) -> Letter | None:
        """One letter."""
        return next((one for one in self.held if one.id == identifier), None)

    def unreadable(self) -> list[FileRecord]:
        """Two files that could not be read; none when the archive is empty."""
        return list(UNREADABLE) if self.held else []


def _steps_of(answer: Answer) -> list[Progress]:
    """An answer as it comes."""
    start = Progress(answer.standalone_question, answer.language)
    begun = replace(start, begun=True)
    held = [replace(begun, statements=answer.statements[:count]) for count in range(1, len(answer.statements) + 1)]
    return [start, begun, replace(begun, reading=(ADVICE,)), *held]


def scripted(
    letters: tuple[Letter, ...] = LETTERS, destination: Destination | None = None
) -> tuple[ScriptedAssistant, Assistant]:
    """A scripted assistant, as itself and as the type that the chat wants."""
    assistant = ScriptedAssistant(letters, destination)
    return assistant, cast("Assistant", assistant)
