"""Words laid in the mouth of somebody else than who speaks in the letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.candidates import Reading, carried
from assistant.verification.quotations import Stretch
from assistant.verification.speakers import may_carry, party_in, turns_in
from assistant.verification.support import Content
from vectorstore.letters import Citation

_OWN_SHARE = 0.5
"""Of what the passages carry of a speaker's words, the share that this speaker's own sentences must carry."""
_DEED_SHARE = 0.7
"""The same of what a party does."""


def misattributed(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Check whether a sentence attributes to one speaker what the passages have from another, or from nobody known.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out what is said.
        english: the text is in English.
    """
    for turn in turns_in(text):
        if turn.voice is None:
            continue
        said = content.said(text[turn.start : turn.end], english=english)
        lines = [line for reading in readings for line in reading.lines]
        own = [line for line in lines if may_carry(line.voice, line.given, line.mentioned, turn)]
        everything = carried(said, readings, among=lines).share
        least = _OWN_SHARE if turn.speaks else _DEED_SHARE
        if said.concepts and carried(said, readings, among=own).share < least * everything:
            return True
        if not said.concepts and not own:
            return True
    return False


def misquoted(text: str, stretch: Stretch, citation: Citation) -> bool:
    """Check whether a quotation is put into the mouth of a party that did not say it.

    Args:
        text: a sentence.
        stretch: where the quotation stands in it.
        citation: where the words stand in the letter.
    """
    if len(stretch.words.split()) <= 3:
        return False
    turn = next((turn for turn in turns_in(text) if turn.start <= stretch.start < turn.end), None)
    outside = text[turn.start : stretch.start] if turn else ""
    named = re.findall(r"\b(?:van|volgens|dat|aldus|of|that|according to)\s+((?:(?:de|het|the)\s+)?[\w-]+)", outside)
    voices = {voice for each in named if (voice := party_in(each))}
    if turn and turn.voice:
        voices.add(turn.voice)
    return bool(voices) and citation.voice not in voices
