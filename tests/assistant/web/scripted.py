"""A scripted assistant with real values: invented letters, and answers that are fixed beforehand."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from assistant.answers.answer import Answer, Language, NoAnswer, Progress, Result, Searched, Statement
from assistant.answers.written_answer import Destination, Dropped, Fault, Writing
from assistant.llm.cancellation import NEVER, CancelToken
from tests.letters import ADVICE, HOSTILE, HOSTILE_LETTER, QUOTED, REPLY, WAITING_LISTS, new_passage
from tests.waiting import PATIENCE
from vectorstore.errors import ArchiveUnavailable
from vectorstore.letters import Card, Citation, Filters, Letter
from vectorstore.store.store import FileRecord, FileState

if TYPE_CHECKING:
    from assistant.assistant import Assistant

UNREADABLE = tuple(
    FileRecord(source, source, f"/archief/{source}", "00", "1", FileState.UNREADABLE, reason=reason)
    for source, reason in (("scans/kopie <b>oud</b>.pdf", "Dit is een scan."), ("leeg.docx", "Leeg bestand."))
)


def citation(of: Letter, quote: str) -> Citation:
    """The words of a letter cited, in a passage that is the paragraph around them."""
    start = of.text.index(quote)
    first = of.text.rfind("\n\n", 0, start) + 2 if "\n\n" in of.text[:start] else 0
    last = of.text.find("\n\n", start + len(quote))
    passage = new_passage(of, first, last if last > 0 else None, id=f"{of.id}#{first}")
    return Citation(passage, start, start + len(quote))


WAITING = citation(ADVICE, QUOTED.strip("“”"))
CONTACT = citation(ADVICE, "mensen tijdens het wachten één vast aanspreekpunt te geven")
TAKEN_OVER = citation(REPLY, "Het college neemt dit advies over.")
REPEATED = citation(REPLY, QUOTED)
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

    def __init__(self, letters: tuple[Letter, ...] = WAITING_LISTS, destination: Destination | None = None) -> None:
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
            "retrieved": (STRANGE.passage,),
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
        cancel_token: CancelToken = NEVER,
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
            if not self._may_go_on(cancel_token):
                self.halted.append(question)
                break
            held = step.statements
            yield step
        dropped = DROPPED if "verzin" in question else ()
        writing = Writing(self.destination.model, dropped, problem=problem, stopped=cancel_token.cancelled)
        written = {"engine": self.destination.model, "statements": held} if held else {"engine": "extractive"}
        yield replace(result, writing=writing, **written)  # type: ignore[arg-type]

    def step(self, count: int = 1) -> None:
        """Let the model take so many steps: it waits, begins, reads, and writes each statement."""
        self._steps.release(count)

    def _may_go_on(self, cancel_token: CancelToken) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.paced.is_set() and not cancel_token.cancelled and time.monotonic() < deadline:
            if self._steps.acquire(timeout=0.02):
                return True
        return not cancel_token.cancelled

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

    @property
    def revision(self) -> str:
        """What the archive holds, as a revision."""
        return f"letters {[one.id for one in self.held]}"

    def cards(self) -> list[Card]:
        """The cards of all letters, as given."""
        self.surveyed.wait(PATIENCE)
        return [Card.of(one) for one in self.held]

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
    letters: tuple[Letter, ...] = WAITING_LISTS, destination: Destination | None = None
) -> tuple[ScriptedAssistant, Assistant]:
    """A scripted assistant, as itself and as the type that the chat wants."""
    assistant = ScriptedAssistant(letters, destination)
    return assistant, cast("Assistant", assistant)
