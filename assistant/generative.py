"""Answers written by a chat model, of which only what the passages carry is let through."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assistant.answers import Language, Statement
from assistant.chat_models import ChatModel, Reply
from assistant.citations import leans_on_previous
from assistant.claims import SCHEMA, ClaimReader
from assistant.packing import packed, tokens_of
from assistant.phrasing import Phrasing
from assistant.stopping import Stop
from assistant.written import Claim, Destination, Dropped, Fault, Usage, Writing
from prompts.prompt import load_prompt
from vectorstore.errors import ModelUnavailable, UnusableReply
from vectorstore.letters import Letter, Passage
from vectorstore.search import Hit

ANSWER: Final = 1024
"""Tokens kept free for the reply."""

_NAME: Final = 5
"""Characters of the name that a passage has in a prompt."""

_BROKEN_OFF: Final = "Het antwoord van het taalmodel is afgebroken. Stel de vraag nog eens."
_UNREADABLE: Final = "Het antwoord van het taalmodel is niet de gevraagde JSON. Probeer een ander model."
_EMPTY: Final = "Het antwoord van het taalmodel is leeg. Probeer een ander model."

_log = logging.getLogger(__name__)

Verify = Callable[[Claim, Mapping[str, Passage], Language], "list[Statement | Dropped]"]


@dataclass(frozen=True, slots=True)
class Draft:
    """How far an answer is.

    Attributes:
        statements: those that hold, in order.
        reading: letters of the passages that the model cites in what it is writing now.
        writing: what came of it so far.
        silent: the model is done, and says that the passages do not answer.
        begun: it has written something.
    """

    writing: Writing
    statements: tuple[Statement, ...] = ()
    reading: tuple[Letter, ...] = ()
    silent: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Lets a chat model write answers.

    Args:
        model: writes.
        context: tokens that it can read and write for one answer.
        destination: where what it reads is sent.
    """

    model: ChatModel
    context: int
    destination: Destination

    def drafts(
        self,
        question: str,
        hits: Sequence[Hit],
        worth: Mapping[str, float],
        language: Language,
        verify: Verify,
        stop: Stop,
        spent: Usage = Usage(),
    ) -> Iterator[Draft]:
        """The answer each time that there is something new to tell; the last one is the whole.

        Args:
            question: standing alone.
            hits: passages found, best first.
            worth: of passages by id, for which of them to give to the model.
            language: of the answer.
            verify: what holds of a claim.
            stop: ends it early.
            spent: what was asked of the model before, for the same answer.
        """
        template, phrasing = load_prompt(f"answer_{language}"), Phrasing(language)

        def prompt(*passages: Passage) -> tuple[str, str]:
            return template(question=question, passages=[_described(passage, phrasing) for passage in passages])

        empty = tokens_of("".join(prompt()))
        room = self.context - ANSWER - empty
        chosen = packed(hits, worth, room, lambda passage: tokens_of("".join(prompt(passage))) - empty)
        offered = {name_of(hit.passage): hit.passage for hit in chosen}
        session = _Session(self.model, offered, language, verify, stop, spent)
        yield from session.drafts(*prompt(*offered.values()))
        _log.info("%s", _summary(session.draft))


@dataclass
class _Session:
    """One answer while it is being written."""

    model: ChatModel
    offered: Mapping[str, Passage]
    language: Language
    verify: Verify
    stop: Stop
    spent: Usage
    draft: Draft = field(init=False)
    _claims: ClaimReader = field(default_factory=ClaimReader, init=False)
    _began: float = field(default_factory=time.perf_counter, init=False)
    _was_dropped: bool = field(default=False, init=False)
    _was_cut_short: bool = field(default=False, init=False)
    _was_repaired: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(Writing(self.model.name, usage=self.spent, offered=len(self.offered)))

    def drafts(self, system: str, user: str) -> Iterator[Draft]:
        """The draft whenever it changed, and at the end."""
        try:
            if not self.stop.wished:
                yield from self._heard(system, user)
            if self._is_unread and not self.stop.wished:
                unread, self._claims, self._was_repaired = self._claims.unread, ClaimReader(), True
                yield from self._heard(*load_prompt("repair")(reply=unread))
        except (ModelUnavailable, UnusableReply) as error:
            if not self._claims.whole:
                self._note(problem=str(error))
        self._finish()
        yield self.draft

    def _heard(self, system: str, user: str) -> Iterator[Draft]:
        """The draft whenever it changes by what the model answers to this."""
        with self.model.stream_json(system, user, SCHEMA) as reply, self.stop.heard_by(reply.stop):
            try:
                yield from self._streamed(reply)
            finally:
                self._was_cut_short = reply.cut_short
                if reply.usage.written or not reply.usage.estimated:
                    self._note(usage=self.draft.writing.usage + reply.usage)

    @property
    def _is_unread(self) -> bool:
        """Whether the model is done, and something that it wrote can be read by nobody but itself."""
        claims = self._claims
        if claims.whole:
            return claims.strange and self._is_bare
        broken_off = claims.over or (claims.found and self._was_cut_short)
        return not broken_off and bool(claims.unread) and tokens_of(claims.unread) <= ANSWER

    @property
    def _is_bare(self) -> bool:
        """Whether nothing has come of it, kept or dropped."""
        return not self.draft.statements and not self.draft.writing.dropped

    def _streamed(self, reply: Reply) -> Iterator[Draft]:
        for piece in reply:
            before = self.draft
            if not self.draft.begun:
                self._note(first=time.perf_counter() - self._began)
                self.draft = replace(self.draft, begun=True)
            for claim in self._claims.read(piece):
                self._take(claim)
            cited = (self.offered[name].letter for name in self._claims.cited if name in self.offered)
            self.draft = replace(self.draft, reading=tuple(dict.fromkeys(cited)))
            if self.draft != before:
                yield self.draft
            if self._claims.over:
                break

    def _take(self, claim: Claim) -> None:
        """What holds of a claim is added to the statements, the rest to what was dropped."""
        for each in self.verify(claim, self.offered, self.language):
            if isinstance(each, Statement) and self._was_dropped and leans_on_previous(each.text):
                each = Dropped(each.text, Fault.LEANING)
            self._was_dropped = isinstance(each, Dropped)
            if isinstance(each, Dropped):
                self._note(dropped=(*self.draft.writing.dropped, each))
            elif each.text not in {statement.text for statement in self.draft.statements}:
                self.draft = replace(self.draft, statements=(*self.draft.statements, each))

    def _finish(self) -> None:
        """What is to be said of the whole: whether the model says that the passages are silent, or was broken off."""
        claims, stopped = self._claims, self.stop.wished
        silent = claims.whole and not claims.strange and self._is_bare and not self._was_repaired
        self.draft = replace(self.draft, reading=(), silent=silent and not stopped)
        problem = self.draft.writing.problem or self._shortcoming(silent)
        seconds = time.perf_counter() - self._began
        self._note(seconds=seconds, stopped=stopped, problem=None if stopped else problem)

    def _shortcoming(self, silent: bool) -> str | None:
        """What is wrong with how the reply was written, in Dutch and with what to do; None when nothing is."""
        if self._claims.whole:
            return _UNREADABLE if self._is_bare and not silent else None
        if self._claims.found:
            return _BROKEN_OFF if self._was_cut_short or self._claims.unread else None
        return _UNREADABLE if self._claims.unread else _EMPTY

    def _note(self, **noted: Any) -> None:
        self.draft = replace(self.draft, writing=replace(self.draft.writing, **noted))


def name_of(passage: Passage) -> str:
    """The name of a passage in prompts: always the same, and not to be guessed by counting."""
    digest = hashlib.blake2b(passage.id.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big")
    signs = "bcdfghjkmnpqrstvwxz23456789"
    return "".join(signs[number // len(signs) ** place % len(signs)] for place in range(_NAME))


def _described(passage: Passage, phrasing: Phrasing) -> dict[str, object]:
    """A passage as the templates show it: cut where somebody else begins to speak."""
    letter = passage.letter
    return {
        "name": name_of(passage),
        "letter": phrasing.letter(letter),
        "author": phrasing.speaker(letter.author),
        "subject": letter.subject,
        "heading": passage.heading,
        "stretches": list(_stretches(passage, phrasing)),
    }


def _stretches(passage: Passage, phrasing: Phrasing) -> Iterator[dict[str, object]]:
    letter, place = passage.letter, passage.start
    spoken = [
        (max(each.start, passage.start), min(each.end, passage.end), each.voice)
        for each in letter.utterances
        if each.start < passage.end and each.end > passage.start
    ]
    for start, end, voice in [*spoken, (passage.end, passage.end, letter.voice)]:
        if place < start:
            own = letter.voice is not letter.author and letter.text[place:start].strip()
            yield {"speaker": phrasing.speaker(letter.voice) if own else None, "text": letter.text[place:start]}
        if start < end:
            yield {"speaker": phrasing.speaker(voice), "text": letter.text[start:end]}
        place = end


def _summary(draft: Draft) -> str:
    """What an answer took, for the log: no word of the question or of a letter."""
    writing, usage = draft.writing, draft.writing.usage
    dropped = ", ".join(f"{count} {fault}" for fault, count in Counter(one.fault for one in writing.dropped).items())
    first = "no token" if writing.first is None else f"first token {writing.first:.1f} s"
    return (
        f"{writing.model}: {writing.offered} passages, {usage.read} tokens read, {usage.written} written"
        f"{' (estimated)' if usage.estimated else ''}, {first}, {writing.seconds:.1f} s; "
        f"{len(draft.statements)} sentences kept, {len(writing.dropped)} dropped{f' ({dropped})' if dropped else ''}"
        f"{'; stopped' if writing.stopped else ''}{'; failed' if writing.problem else ''}"
    )
