"""The page of the chat: its parts, and what happens when a member does something.

Nothing is found, chosen or worded here: questions go to the assistant, and `render` turns what comes back
into HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.components import Component

from assistant.answers import Language, Result
from assistant.web import render
from assistant.web.shown import Choices, Failure, Overview, Turn, filters_of
from assistant.web.texts import Words, words
from vectorstore.errors import ArchiveError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

LONGEST_QUESTION: Final = 2000
"""Characters that fit in the question box."""

SECONDS_BETWEEN_LOOKS: Final = 5
"""How often a page looks whether an empty archive has been filled."""

QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event is wired: no spinner over the page, and no place in a public interface."""

_LETTER_PANEL: Final = '<dialog class="letter" aria-labelledby="letter-name">${value}</dialog>'

_log = logging.getLogger(__name__)

Turns = tuple[Turn, ...]
Updates = dict[Component, Any]


class Page:
    """The parts of the page and what they do. Made inside `gr.Blocks`.

    A member's conversation and language are in `gr.State`; the page itself remembers nothing.
    """

    def __init__(self, assistant: Assistant, language: Language) -> None:
        self._assistant = assistant
        self.turns = gr.State(())
        self.language = gr.State(language)
        self._lay_out(words(language), self._survey(language))
        self.overview: list[Component] = [self.welcome, self.filters, self.colophon, self.look_again]
        self._connect()

    def _lay_out(self, said: Words, overview: Overview | Failure) -> None:
        with gr.Row(elem_id="top"):
            self.masthead = _html("masthead", render.masthead(said))
            self.start_over = gr.Button(said["start_over"], elem_id="start-over", scale=0)
            self.other_language = gr.Button(said["other_language"], elem_id="other-language", scale=0)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="left"):
                self.welcome = _html("welcome", render.welcome(overview, said))
                self.conversation = _html("conversation", render.conversation((), said))
                with gr.Column(elem_id="composer"):
                    self._lay_out_composer(said, overview)
            with gr.Column(elem_id="right"):
                self.sources = _html("sources", render.sources((), said))
            self.colophon = _html(None, render.colophon(overview, said), elem_id="bottom")
        self.letter = _html("letter", "", html_template=_LETTER_PANEL)
        self.look_again = gr.Timer(SECONDS_BETWEEN_LOOKS, active=not _holds_letters(overview))

    def _lay_out_composer(self, said: Words, overview: Overview | Failure) -> None:
        self.filters = _html("filters", {}, html_template="${markup}", markup=render.filters(overview, said))
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

    def _connect(self) -> None:
        here = [self.turns, self.language]
        talk: list[Component] = [self.conversation, self.sources, self.turns, self.question, self.notice]
        asking = ([self.question, self.filters, *here], talk)
        asked = gr.on([self.question.submit, self.ask_button.click], self._ask, *asking, **QUIET)
        typed = self.welcome.click(_example, None, self.question, **QUIET)
        example = typed.then(self._ask, *asking, **QUIET)
        self.start_over.click(self._start_over, self.language, talk, cancels=[asked, example], **QUIET)
        for event in (asked, example):
            event.then(self.look, self.language, self.overview, **QUIET)
        self.sources.click(self._open_letter, here, self.letter, **QUIET)
        self.look_again.tick(self.look, self.language, self.overview, **QUIET)
        worded = [self.masthead, self.other_language, self.ask_button, self.start_over, self.language]
        self.other_language.click(self._switch, here, [*self.overview, *talk, *worded], **QUIET)

    # What a member does

    def look(self, language: Language) -> Updates:
        """Show the archive as it is now. The conversation stays: an answer may just be coming."""
        overview, said = self._survey(language), words(language)
        return {
            self.welcome: render.welcome(overview, said),
            self.filters: gr.update(markup=render.filters(overview, said)),
            self.colophon: render.colophon(overview, said),
            self.look_again: gr.update(active=not _holds_letters(overview)),
        }

    def _ask(self, question: str, choices: Choices, turns: Turns, language: Language) -> Iterator[Updates]:
        question, said = _encodable(question).strip(), words(language)
        if not question:
            yield {self.notice: render.notice(said["question_missing"])}
            return
        turn = Turn(len(turns) + 1, question)
        yield {
            self.conversation: render.conversation((*turns, turn), said),
            self.question: "",
            self.notice: "",
        }
        turns = (*turns, replace(turn, outcome=self._outcome(question, choices, turns)))
        yield self._talk_shown(turns, said)

    def _start_over(self, language: Language) -> Updates:
        return self._talk_shown((), words(language)) | {self.question: "", self.notice: ""}

    def _open_letter(self, turns: Turns, language: Language, event: gr.EventData) -> str:
        citation = turns[int(event.turn) - 1].sources[int(event.number) - 1]
        return render.letter(citation, words(language))

    def _switch(self, turns: Turns, language: Language) -> Updates:
        language = Language.ENGLISH if language is Language.DUTCH else Language.DUTCH
        said = words(language)
        return {
            **self._talk_shown(turns, said),
            **self.look(language),
            self.language: language,
            self.masthead: render.masthead(said),
            self.other_language: gr.update(value=said["other_language"]),
            self.question: gr.update(label=said["question_label"], placeholder=said["question_placeholder"]),
            self.ask_button: gr.update(value=said["ask_button"]),
            self.start_over: gr.update(value=said["start_over"]),
            self.notice: "",
        }

    # What is shown

    def _talk_shown(self, turns: Turns, said: Words) -> Updates:
        return {
            self.turns: turns,
            self.conversation: render.conversation(turns, said),
            self.sources: render.sources(turns, said),
        }

    def _survey(self, language: Language) -> Overview | Failure:
        """The archive as it is now, or why it cannot be seen."""
        ask = self._assistant
        try:
            return Overview(
                ask.searched(), tuple(ask.examples(language)), tuple(ask.letters()), tuple(ask.unreadable())
            )
        except Exception as error:
            return _failure(error)

    def _outcome(self, question: str, choices: Choices, earlier: Turns) -> Result | Failure:
        """What the assistant says, or why it cannot."""
        try:
            filters = filters_of(choices)
        except ValueError:
            return Failure("period_reversed")
        try:
            return self._assistant.ask(question, filters, history=[turn.question for turn in earlier])
        except Exception as error:
            return _failure(error)


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


def _holds_letters(overview: Overview | Failure) -> bool:
    return isinstance(overview, Overview) and not overview.empty


def _encodable(text: str) -> str:
    """The text without halves of characters, which no answer could be sent with."""
    return text.encode(errors="replace").decode()
