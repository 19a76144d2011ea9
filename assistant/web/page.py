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
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.components import Component

from assistant.answers import Language, Progress, Result
from assistant.web import render
from assistant.web.runs import Run, Runs
from assistant.web.shown import Choices, Failure, Overview, Turn, Turns, filters_of
from assistant.web.texts import Words, words
from vectorstore.errors import ArchiveError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

LONGEST_QUESTION: Final = 2000
"""Characters that fit in the question box."""

SECONDS_BETWEEN_LOOKS: Final = 5
"""How often a page looks whether an empty archive has been filled."""

SAME_PRESS: Final = 1.0
"""Seconds within which the same question twice is a button that was pressed twice."""

QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event is wired: no spinner over the page, and no place in a public interface."""

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
        self._lay_out(words(language), self._survey(language))
        self.overview: list[Component] = [self.welcome, self.filters, self.colophon, self.look_again]
        self._connect()

    def _lay_out(self, said: Words, overview: Overview | Failure) -> None:
        destination = self._assistant.destination
        with gr.Row(elem_id="top"):
            self.masthead = _html("masthead", render.masthead(said))
            self.start_over = gr.Button(said["start_over"], elem_id="start-over", scale=0)
            self.other_language = gr.Button(said["other_language"], elem_id="other-language", scale=0)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="left"):
                self.welcome = _html("welcome", render.welcome(overview, said, destination))
                self.conversation = _html("conversation", render.conversation((), said))
                with gr.Column(elem_id="composer"):
                    self._lay_out_composer(said, overview)
            with gr.Column(elem_id="right"):
                self.sources = _html("sources", render.sources((), said))
            self.colophon = _html(None, render.colophon(overview, said, destination), elem_id="bottom")
        self.letter = _html("letter", "", html_template=_LETTER_PANEL)
        self.look_again = gr.Timer(SECONDS_BETWEEN_LOOKS, active=not _holds_letters(overview))

    def _lay_out_composer(self, said: Words, overview: Overview | Failure) -> None:
        with gr.Row(elem_id="choose-row"):
            self.filters = _html("filters", {}, html_template="${markup}", markup=render.filters(overview, said))
            self.stop = gr.Button(said["stop"], elem_id="stop", scale=0, visible="hidden")
        with gr.Row(elem_id="ask-row"):
            self.question = gr.Textbox(
                label=said["question_label"],
                placeholder=said["question_placeholder"],
                max_lines=6,
                max_length=LONGEST_QUESTION,
                elem_id="question",
            )
            self.ask_button = gr.Button(said["ask_button"], variant="primary", elem_id="ask", scale=0)
        self.notice = _html(None, "")
        self.privacy = _html(None, render.privacy(said, self._assistant.destination))

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
        typed = self.welcome.click(_example, None, self.question, **QUIET)
        for event in (gr.on([self.question.submit, self.ask_button.click], **asking), typed.then(**asking)):
            event.then(self.look, self.language, self.overview, **QUIET)
        self.stop.click(self._stop, None, None, queue=False, **QUIET)
        self.start_over.click(self._start_over, self.language, kept, **QUIET)
        self.conversation.click(self._adjust, self.language, [self.question, self.alone, self.notice], **QUIET)
        self.sources.click(self._open_letter, here, self.letter, **QUIET)
        self.look_again.tick(self.look, self.language, self.overview, **QUIET)
        worded = [self.masthead, self.other_language, self.ask_button, self.start_over, self.privacy, self.language]
        changed = [*self.overview, *talk, *worded, self.question, self.notice, self.stop]
        self.other_language.click(self._switch, here, changed, **QUIET)

    # What a member does

    def look(self, language: Language) -> Updates:
        """Show the archive as it is now. The conversation stays: an answer may just be coming."""
        overview, said, destination = self._survey(language), words(language), self._assistant.destination
        return {
            self.welcome: render.welcome(overview, said, destination),
            self.filters: gr.update(markup=render.filters(overview, said)),
            self.colophon: render.colophon(overview, said, destination),
            self.look_again: gr.update(active=not _holds_letters(overview)),
        }

    def leave(self, request: gr.Request) -> None:
        """Stop what is being answered for a member whose page was closed."""
        self._runs.stop(_session(request))

    def _ask(
        self, question: str, choices: Choices, alone: bool, turns: Turns, language: Language, request: gr.Request
    ) -> Iterator[Updates]:
        question, session = _encodable(question).strip(), _session(request)
        if _pressed_twice(question, turns, self._runs.of(session)):
            yield gr.skip()
            return
        if not question:
            yield {self.notice: render.notice(words(language)["question_missing"])}
            return
        run = Run(question, language, choices, alone, tuple(turn for turn in turns if turn.answered))
        if not self._runs.begin(session, run):
            yield gr.skip()
            return
        yield from self._answered_in_turn(session, run)

    def _answered_in_turn(self, session: str, first: Run) -> Iterator[Updates]:
        """A question and those that are asked before its answer is whole, all in one event.

        Events side by side would show their parts in any order: Gradio sends the last one of an event once more when it
        ends, and its client may leave a stream, with what runs in it, when all that it knows of has ended.
        """
        run: Run | None = first
        try:
            while run:
                yield from self._answered(run)
                yield gr.skip()
                run = self._runs.take(session)
        finally:
            if run:
                self._runs.give_up(session)

    def _answered(self, run: Run) -> Iterator[Updates]:
        """A turn of the conversation, from the question to the whole answer."""
        earlier, history = run.turns, [] if run.alone else [turn.question for turn in run.turns]
        turn = Turn(len(earlier) + 1, run.question, asked=time.monotonic())
        said = words(run.language)
        run.turns = (*earlier, turn)
        yield {
            self.conversation: render.conversation(run.turns, said),
            self.turns: run.turns,
            self.question: "",
            self.alone: False,
            self.notice: "",
            self.stop: gr.update(visible=bool(self._assistant.destination) or "hidden"),
        }
        for outcome in self._outcomes(run, history):
            run.turns = (*earlier, replace(turn, outcome=outcome))
            yield self._kept(run)
        yield self._kept(run) | {self.stop: gr.update(visible="hidden")}

    def _stop(self, request: gr.Request) -> None:
        self._runs.stop(_session(request))

    def _start_over(self, language: Language, request: gr.Request) -> Updates:
        self._runs.stop(_session(request), cleared=True)
        return self._talk_shown((), words(language)) | {
            self.turns: (),
            self.alone: False,
            self.question: "",
            self.notice: "",
            self.stop: gr.update(visible="hidden"),
        }

    def _adjust(self, language: Language, event: gr.EventData) -> Updates:
        """A question as it was understood goes into the question box, to be asked as it then stands."""
        return {
            self.question: str(event.question),
            self.alone: True,
            self.notice: render.notice(words(language)["adjusting"], alarming=False),
        }

    def _open_letter(self, turns: Turns, language: Language, event: gr.EventData) -> str:
        citation = turns[int(event.turn) - 1].sources[int(event.number) - 1]
        return render.letter(citation, words(language))

    def _switch(self, turns: Turns, language: Language, request: gr.Request) -> Updates:
        language = Language.ENGLISH if language is Language.DUTCH else Language.DUTCH
        said = words(language)
        answering = self._runs.speak(_session(request), language)
        return {
            **({} if answering else self._talk_shown(turns, said)),
            **self.look(language),
            self.language: language,
            self.masthead: render.masthead(said),
            self.other_language: gr.update(value=said["other_language"]),
            self.question: gr.update(label=said["question_label"], placeholder=said["question_placeholder"]),
            self.ask_button: gr.update(value=said["ask_button"]),
            self.start_over: gr.update(value=said["start_over"]),
            self.stop: gr.update(value=said["stop"]),
            self.privacy: render.privacy(said, self._assistant.destination),
            self.notice: "",
        }

    # What is shown

    def _kept(self, run: Run) -> Updates:
        turns = () if run.cleared else run.turns
        return self._talk_shown(turns, words(run.language)) | {self.turns: turns}

    def _talk_shown(self, turns: Turns, said: Words) -> Updates:
        return {self.conversation: render.conversation(turns, said), self.sources: render.sources(turns, said)}

    def _survey(self, language: Language) -> Overview | Failure:
        """The archive as it is now, or why it cannot be seen."""
        ask = self._assistant
        try:
            return Overview(
                ask.searched(), tuple(ask.examples(language)), tuple(ask.letters()), tuple(ask.unreadable())
            )
        except Exception as error:
            return _failure(error)

    def _outcomes(self, run: Run, history: list[str]) -> Iterator[Result | Progress | Failure]:
        """What the assistant says, as it comes, or why it cannot."""
        try:
            filters = filters_of(run.choices)
        except ValueError:
            yield Failure("period_reversed")
            return
        try:
            yield from self._assistant.stream(run.question, filters, history=history, stop=run.stop)
        except Exception as error:
            yield _failure(error)


def _html(script: str | None, value: object, **properties: Any) -> gr.HTML:
    """A part of the page made by `render`, with the script of that name."""
    scripts = files(__package__).joinpath("scripts")
    code = scripts.joinpath(f"{script}.js").read_text(encoding="utf-8") if script else None
    return gr.HTML(value, js_on_load=code, apply_default_css=False, **properties)


def _example(event: gr.EventData) -> str:
    return str(event.question)


def _failure(error: Exception) -> Failure:
    """What a member sees of an error; one that is not ours goes to the log, where its cause can be found."""
    if not isinstance(error, ArchiveError):
        _log.error("the chat could not answer", exc_info=error)
    return Failure.of(error)


def _session(request: gr.Request) -> str:
    return request.session_hash or ""


def _pressed_twice(question: str, turns: Turns, run: Run | None) -> bool:
    """Whether a question, or the box that was just emptied, is asked again by a button or key pressed once too often."""
    if run:
        return not question or (question == run.question and not run.stop.wished)
    return bool(turns) and question in ("", turns[-1].question) and time.monotonic() - turns[-1].asked < SAME_PRESS


def _holds_letters(overview: Overview | Failure) -> bool:
    return isinstance(overview, Overview) and not overview.empty


def _encodable(text: str) -> str:
    """The text without halves of characters, which no answer could be sent with."""
    return text.encode(errors="replace").decode()
