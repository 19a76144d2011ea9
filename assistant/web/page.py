"""The page of the chat: its parts, and what happens when a member does something.

Nothing is found, chosen or worded here: questions go to the assistant, and `render` turns what comes back
into HTML.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import gradio as gr
from gradio.components import Component

from assistant.answers.answer import Language, Progress, Response, Result, Searched
from assistant.assistant import LONGEST_QUESTION, Assistant
from assistant.web import render
from assistant.web.sessions import Run, Runs
from assistant.web.state import Choices, Failure, Overview, Turn, Turns, filters_of
from prompts.wording import Wording, load_wording
from vectorstore.errors import ArchiveError, NoArchive

SECONDS_BETWEEN_LOOKS: Final = 5
"""Seconds after which a page looks again whether an empty archive has been filled."""

LONGEST_CONVERSATION: Final = 25
"""Turns that a page shows and remembers; each question sends all of them again."""

SAME_PRESS: Final = 1.0
"""Seconds within which the same question twice is a button that was pressed twice."""

QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}
"""Options of every event: no spinner over the page, and no place in a public interface."""

_LETTER_PANEL: Final = '<dialog class="letter" aria-labelledby="letter-name">${value}</dialog>'

_log = logging.getLogger(__name__)

Updates = dict[Component, Any]


class Page:
    """The parts of the page and what they do. Made inside `gr.Blocks`.

    A member's conversation and language are in `gr.State`; the page itself remembers only which answers are being made.
    """

    def __init__(self, assistant: Assistant, language: Language) -> None:
        self._assistant = assistant
        self._runs = Runs()
        self.turns = gr.State(())
        self.language = gr.State(language)
        self.alone = gr.State(False)
        self.seen = gr.State("")
        self._surveys: dict[tuple[str, Language], Overview] = {}
        self._lay_out(_words(language), self._survey(language))
        self.overview: list[Component] = [self.welcome, self.filters, self.colophon, self.look_again, self.seen]
        self._connect()

    def _lay_out(self, words: Wording, overview: Overview | Failure) -> None:
        destination = self._assistant.destination
        with gr.Row(elem_id="top"):
            self.masthead = _html("masthead", render.masthead(words))
            self.start_over = gr.Button(words["start_over"], elem_id="start-over", scale=0)
            self.other_language = gr.Button(words["other_language"], elem_id="other-language", scale=0)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="left"):
                self.welcome = _html("welcome", render.welcome(overview, words, destination))
                self.conversation = _html("conversation", render.conversation((), words))
                with gr.Column(elem_id="composer"):
                    self._lay_out_composer(words, overview)
            with gr.Column(elem_id="right"):
                self.sources = _html("sources", render.sources((), words))
            self.colophon = _html(None, render.colophon(overview, words, destination), elem_id="bottom")
        self.letter = _html("letter", "", html_template=_LETTER_PANEL)
        self.look_again = gr.Timer(SECONDS_BETWEEN_LOOKS, active=not _holds_letters(overview))

    def _lay_out_composer(self, words: Wording, overview: Overview | Failure) -> None:
        with gr.Row(elem_id="choose-row"):
            self.filters = _html("filters", {}, html_template="${markup}", markup=render.filters(overview, words))
            self.stop = gr.Button(words["stop"], elem_id="stop", scale=0, visible="hidden")
        with gr.Row(elem_id="ask-row"):
            self.question = gr.Textbox(
                label=words["question_label"],
                placeholder=words["question_placeholder"],
                max_lines=6,
                max_length=LONGEST_QUESTION,
                elem_id="question",
            )
            self.ask_button = gr.Button(words["ask_button"], variant="primary", elem_id="ask", scale=0)
        self.notice = _html(None, "")
        self.privacy = _html(None, render.privacy(words, self._assistant.destination))

    def _connect(self) -> None:
        here = [self.turns, self.language]
        talk: list[Component] = [self.conversation, self.sources]
        kept: list[Component] = [*talk, self.turns, self.alone, self.question, self.notice, self.stop]
        asking: dict[str, Any] = {
            "fn": self._ask,
            "inputs": [self.question, self.filters, self.alone, *here],
            "outputs": kept,
            "trigger_mode": "multiple",  # asked again while an answer is made, it is for `_ask` to decide what happens
            **QUIET,
        }
        typed = self.welcome.click(_example_of, None, self.question, **QUIET)
        for event in (gr.on([self.question.submit, self.ask_button.click], **asking), typed.then(**asking)):
            event.then(self.look, [self.language, self.seen], self.overview, **QUIET)
        self.stop.click(self._stop, None, None, **QUIET)
        self.start_over.click(self._start_over, self.language, kept, **QUIET)
        self.conversation.click(self._adjust, self.language, [self.question, self.alone, self.notice], **QUIET)
        self.sources.click(self._open_letter, here, self.letter, **QUIET)
        self.look_again.tick(self.look, [self.language, self.seen], self.overview, **QUIET)
        worded = [self.masthead, self.other_language, self.ask_button, self.start_over, self.privacy, self.language]
        changed = [*self.overview, *talk, *worded, self.question, self.notice, self.stop]
        self.other_language.click(self._switch, here, changed, **QUIET)

    # What a member does

    def look(self, language: Language, seen: str = "") -> Updates:
        """Show the archive as it is now, if that is not as it was seen. The conversation stays: an answer may just be coming.

        Args:
            language: of the page.
            seen: revision that the page shows.
        """
        revision = self._revision()
        if revision and revision == seen:
            return {self.seen: seen}
        overview, words, destination = self._survey(language), _words(language), self._assistant.destination
        return {
            self.seen: revision,
            self.welcome: render.welcome(overview, words, destination),
            self.filters: gr.update(markup=render.filters(overview, words)),
            self.colophon: render.colophon(overview, words, destination),
            self.look_again: gr.update(active=not _holds_letters(overview)),
        }

    def leave(self, request: gr.Request) -> None:
        """Stop what is being answered for a member whose page was closed."""
        self._runs.stop(_session_of(request))

    def _ask(
        self, question: str, choices: Choices, alone: bool, turns: Turns, language: Language, request: gr.Request
    ) -> Iterator[Updates]:
        question, session = _make_encodable(question).strip(), _session_of(request)
        if _is_double_press(question, turns, self._runs.of(session)):
            yield gr.skip()
            return
        if complaint := _complaint_of(question, _words(language)):
            yield {self.notice: render.notice(complaint)}
            return
        run = Run(question, language, choices, alone, tuple(turn for turn in turns if turn.answered))
        if not self._runs.begin(session, run):
            yield gr.skip()
            return
        yield from self._answer_in_turn(session, run)

    def _answer_in_turn(self, session: str, first: Run) -> Iterator[Updates]:
        """Answer a question and those that are asked before its answer is whole, all in one event.

        Events side by side would show their parts in any order: Gradio sends the last one of an event once more when it
        ends, and its client may leave a stream, with what runs in it, when all that it knows of has ended.
        """
        run: Run | None = first
        try:
            while run:
                yield from self._answer(run)
                yield gr.skip()
                run = self._runs.take(session)
        finally:
            if run:
                self._runs.give_up(session)

    def _answer(self, run: Run) -> Iterator[Updates]:
        """Answer one turn of the conversation, from the question to the whole answer."""
        earlier = run.turns[-LONGEST_CONVERSATION + 1 :]
        history = [] if run.alone else [turn.question for turn in earlier]
        turn = Turn(earlier[-1].number + 1 if earlier else 1, run.question, asked=time.monotonic())
        words = _words(run.language)
        run.turns = (*earlier, turn)
        yield {
            self.conversation: render.conversation(run.turns, words),
            self.turns: run.turns,
            self.question: "",
            self.alone: False,
            self.notice: "",
            self.stop: gr.update(visible=bool(self._assistant.destination) or "hidden"),
        }
        for outcome in self._stream_outcomes(run, history):
            run.turns = (*earlier, replace(turn, outcome=_as_shown(outcome)))
            if isinstance(outcome, Progress):
                yield self._keep(run)
        yield self._keep(run) | {self.stop: gr.update(visible="hidden")}

    def _stop(self, request: gr.Request) -> None:
        self._runs.stop(_session_of(request))

    def _start_over(self, language: Language, request: gr.Request) -> Updates:
        self._runs.stop(_session_of(request), cleared=True)
        return self._show_talk((), _words(language)) | {
            self.turns: (),
            self.alone: False,
            self.question: "",
            self.notice: "",
            self.stop: gr.update(visible="hidden"),
        }

    def _adjust(self, language: Language, event: gr.EventData) -> Updates:
        """Put a question as it was understood into the question box, to be asked as it then stands."""
        return {
            self.question: str(event.question),
            self.alone: True,
            self.notice: render.notice(_words(language)["adjusting"], alarming=False),
        }

    def _open_letter(self, turns: Turns, language: Language, event: gr.EventData) -> str:
        sources = {str(turn.number): turn.sources for turn in turns}
        citation = sources[event.turn][int(event.number) - 1]
        return render.letter(citation, _words(language))

    def _switch(self, turns: Turns, language: Language, request: gr.Request) -> Updates:
        language = Language.ENGLISH if language is Language.DUTCH else Language.DUTCH
        words = _words(language)
        answering = self._runs.speak(_session_of(request), language)
        return {
            **({} if answering else self._show_talk(turns, words)),
            **self.look(language),
            self.language: language,
            self.masthead: render.masthead(words),
            self.other_language: gr.update(value=words["other_language"]),
            self.question: gr.update(label=words["question_label"], placeholder=words["question_placeholder"]),
            self.ask_button: gr.update(value=words["ask_button"]),
            self.start_over: gr.update(value=words["start_over"]),
            self.stop: gr.update(value=words["stop"]),
            self.privacy: render.privacy(words, self._assistant.destination),
            self.notice: "",
        }

    # What is shown

    def _keep(self, run: Run) -> Updates:
        turns = () if run.cleared else run.turns
        return self._show_talk(turns, _words(run.language)) | {self.turns: turns}

    def _show_talk(self, turns: Turns, words: Wording) -> Updates:
        return {self.conversation: render.conversation(turns, words), self.sources: render.sources(turns, words)}

    def _survey(self, language: Language) -> Overview | Failure:
        """Look at the archive as it is now; tell why where it cannot be seen."""
        ask, revision = self._assistant, self._revision()
        if (revision, language) in self._surveys:
            return self._surveys[revision, language]
        try:
            overview = Overview(
                ask.searched(), tuple(ask.examples(language)), tuple(ask.cards()), tuple(ask.unreadable())
            )
        except NoArchive:
            return Overview(Searched(0, None, None, 0), (), (), ())
        except Exception as error:
            return _tell_failure(error)
        self._surveys = {key: kept for key, kept in self._surveys.items() if key[0] == revision}
        self._surveys[revision, language] = overview
        return overview

    def _revision(self) -> str:
        """Return the revision of the archive, empty where it cannot be read."""
        try:
            return self._assistant.revision
        except Exception:
            return ""

    def _stream_outcomes(self, run: Run, history: list[str]) -> Iterator[Result | Progress | Failure]:
        """Pass on what the assistant says, as it comes, or why it cannot."""
        try:
            filters = filters_of(run.choices)
        except ValueError:
            yield Failure("period_reversed")
            return
        try:
            yield from self._assistant.stream(run.question, filters, history=history, cancel_token=run.cancel_token)
        except Exception as error:
            yield _tell_failure(error)


def _html(script: str | None, value: object, **properties: Any) -> gr.HTML:
    """Make a part of the page of what `render` gives, with the script of that name."""
    scripts = files(__package__).joinpath("scripts")
    code = scripts.joinpath(f"{script}.js").read_text(encoding="utf-8") if script else None
    return gr.HTML(value, js_on_load=code, apply_default_css=False, **properties)


def _words(language: Language) -> Wording:
    return load_wording("chat", language)


def _example_of(event: gr.EventData) -> str:
    return str(event.question)


def _tell_failure(error: Exception) -> Failure:
    """Tell a member of an error; one that is not ours goes to the log, where its cause can be found."""
    if not isinstance(error, ArchiveError):
        _log.error("the chat could not answer", exc_info=error)
    return Failure.of(error)


def _session_of(request: gr.Request) -> str:
    return request.session_hash or ""


def _is_double_press(question: str, turns: Turns, run: Run | None) -> bool:
    """Return true when a button or key was pressed once too often, for the same question or the box just emptied."""
    if run:
        return not question or (question == run.question and not run.cancel_token.cancelled)
    return bool(turns) and question in ("", turns[-1].question) and time.monotonic() - turns[-1].asked < SAME_PRESS


def _as_shown(outcome: Result | Progress | Failure) -> Result | Progress | Failure:
    """Leave out the passages that were found and are not shown: each holds on to its whole letter."""
    return replace(outcome, retrieved=()) if isinstance(outcome, Response) else outcome


def _complaint_of(question: str, words: Wording) -> str:
    """Tell why a question cannot be asked; empty when it can. The box holds no more, but it is not all that can send."""
    if not question:
        return words["question_missing"]
    return words("question_too_long", most=LONGEST_QUESTION) if len(question) > LONGEST_QUESTION else ""


def _holds_letters(overview: Overview | Failure) -> bool:
    return isinstance(overview, Overview) and not overview.empty


def _make_encodable(text: str) -> str:
    """Replace halves of characters, which no answer could be sent with."""
    return text.encode(errors="replace").decode()
