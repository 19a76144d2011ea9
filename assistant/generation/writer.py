"""Answers written by a chat model, of which only what the passages carry is let through."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assistant.answers.answer import Language, Statement
from assistant.answers.phrasing import Phrasing
from assistant.answers.written_answer import Claim, Destination, Dropped, Fault, Usage, Writing
from assistant.generation.claim_stream import SCHEMA, ClaimReader
from assistant.generation.context import pack, tokens_of
from assistant.llm.cancellation import CancelToken
from assistant.llm.chat_model import ChatModel, Reply
from ingest.language.sentences import is_connected
from prompts.prompt import load_prompt
from prompts.wording import load_wording
from vectorstore.errors import ModelUnavailable, UnusableReply
from vectorstore.letters import Letter, Passage
from vectorstore.search import Hit

ANSWER: Final = 1024
"""Tokens kept free for the reply."""

_NAME: Final = 5
"""Characters of the name that a passage has in a prompt."""

_log = logging.getLogger(__name__)

Verify = Callable[[Claim, Mapping[str, Passage], Language], "list[Statement | Dropped]"]


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of an answer that is being written.

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

    def begin(self) -> Draft:
        """Return the draft of which nothing is written yet."""
        return Draft(Writing(self.model.name))

    def drafts(
        self,
        question: str,
        hits: Sequence[Hit],
        worth: Mapping[str, float],
        language: Language,
        verify: Verify,
        cancel_token: CancelToken,
        spent: Usage = Usage(),
    ) -> Iterator[Draft]:
        """Write the answer; there is a draft each time that there is something new to tell, and the last is the whole.

        Args:
            question: standing alone.
            hits: passages found, best first.
            worth: of passages by id, for which of them to give to the model.
            language: of the answer.
            verify: what holds of a claim.
            cancel_token: ends it early.
            spent: what was asked of the model before, for the same answer.
        """
        template, phrasing = load_prompt(f"answer_{language}"), Phrasing(language)

        def prompt(*passages: Passage) -> tuple[str, str]:
            return template(question=question, passages=[_describe(passage, phrasing) for passage in passages])

        empty = tokens_of("".join(prompt()))
        room = self.context - ANSWER - empty
        chosen = pack(hits, worth, room, lambda passage: tokens_of("".join(prompt(passage))) - empty)
        offered = {name_of(hit.passage): hit.passage for hit in chosen}
        session = _Session(self.model, offered, language, verify, cancel_token, spent)
        yield from session.drafts(*prompt(*offered.values()))
        _log.info("%s", _summarise(session.draft))


@dataclass
class _Session:
    """One answer while it is being written."""

    model: ChatModel
    offered: Mapping[str, Passage]
    language: Language
    verify: Verify
    cancel_token: CancelToken
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
        """Write, and give the draft whenever it changed, and at the end."""
        try:
            if not self.cancel_token.cancelled:
                yield from self._ask(system, user)
            if self._is_unread and not self.cancel_token.cancelled:
                unread, self._claims, self._was_repaired = self._claims.unread, ClaimReader(), True
                yield from self._ask(*load_prompt("repair")(reply=unread))
        except (ModelUnavailable, UnusableReply) as error:
            if not self._claims.has_ended:
                self._note(problem=str(error))
        self._finish()
        yield self.draft

    def _ask(self, system: str, user: str) -> Iterator[Draft]:
        """Ask the model this, and give the draft whenever it changes by what comes."""
        with self.model.stream_json(system, user, SCHEMA) as reply, self.cancel_token.on_cancel(reply.stop):
            try:
                yield from self._read(reply)
            finally:
                self._was_cut_short = reply.cut_short
                if reply.usage.written or not reply.usage.estimated:
                    self._note(usage=self.draft.writing.usage + reply.usage)

    @property
    def _is_unread(self) -> bool:
        """Return True when the model is done, and something that it wrote can be read by nobody but itself."""
        claims = self._claims
        if claims.has_ended:
            return claims.is_malformed and self._is_bare
        broken_off = claims.is_over or (claims.has_list and self._was_cut_short)
        return not broken_off and bool(claims.unread) and tokens_of(claims.unread) <= ANSWER

    @property
    def _is_bare(self) -> bool:
        """Return True when nothing has come of it, kept or dropped."""
        return not self.draft.statements and not self.draft.writing.dropped

    def _read(self, reply: Reply) -> Iterator[Draft]:
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
            if self._claims.is_over:
                break

    def _take(self, claim: Claim) -> None:
        """Add what holds of a claim to the statements, the rest to what was dropped."""
        for each in self.verify(claim, self.offered, self.language):
            if isinstance(each, Statement) and self._was_dropped and is_connected(each.text):
                each = Dropped(each.text, Fault.LEANING)
            self._was_dropped = isinstance(each, Dropped)
            if isinstance(each, Dropped):
                self._note(dropped=(*self.draft.writing.dropped, each))
            elif each.text not in {statement.text for statement in self.draft.statements}:
                self.draft = replace(self.draft, statements=(*self.draft.statements, each))

    def _finish(self) -> None:
        """Judge the whole: say whether the model finds the passages silent, and what went wrong."""
        claims, stopped = self._claims, self.cancel_token.cancelled
        silent = claims.has_ended and not claims.is_malformed and self._is_bare and not self._was_repaired
        self.draft = replace(self.draft, reading=(), silent=silent and not stopped)
        problem = self.draft.writing.problem or self._shortcoming(silent)
        seconds = time.perf_counter() - self._began
        self._note(seconds=seconds, stopped=stopped, problem=None if stopped else problem)

    def _shortcoming(self, silent: bool) -> str | None:
        """Tell what is wrong with how the reply was written, in Dutch and with what to do; None when nothing is."""
        claims, words = self._claims, load_wording("messages")
        if claims.has_ended:
            return words["answer_unreadable"] if self._is_bare and not silent else None
        if claims.has_list:
            return words["answer_broken_off"] if self._was_cut_short or claims.unread else None
        return words["answer_unreadable" if claims.unread else "answer_empty"]

    def _note(self, **noted: Any) -> None:
        self.draft = replace(self.draft, writing=replace(self.draft.writing, **noted))


def name_of(passage: Passage) -> str:
    """Name a passage in prompts: always the same, and not to be guessed by counting."""
    digest = hashlib.blake2b(passage.id.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big")
    signs = "bcdfghjkmnpqrstvwxz23456789"
    return "".join(signs[number // len(signs) ** place % len(signs)] for place in range(_NAME))


def _describe(passage: Passage, phrasing: Phrasing) -> dict[str, object]:
    """Describe a passage for the templates: cut where somebody else begins to speak."""
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


def _summarise(draft: Draft) -> str:
    """Tell what an answer took, for the log: no word of the question or of a letter."""
    writing, usage = draft.writing, draft.writing.usage
    dropped = ", ".join(f"{count} {fault}" for fault, count in Counter(one.fault for one in writing.dropped).items())
    first = "no token" if writing.first is None else f"first token {writing.first:.1f} s"
    return (
        f"{writing.model}: {writing.offered} passages, {usage.read} tokens read, {usage.written} written"
        f"{' (estimated)' if usage.estimated else ''}, {first}, {writing.seconds:.1f} s; "
        f"{len(draft.statements)} sentences kept, {len(writing.dropped)} dropped{f' ({dropped})' if dropped else ''}"
        f"{'; stopped' if writing.stopped else ''}{'; failed' if writing.problem else ''}"
    )
