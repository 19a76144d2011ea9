"""Whose words a question asks for: the council's, the executive's, another's."""

from __future__ import annotations

import re
from typing import Final

from assistant.query.language import Wording
from ingest.language.parties import Named, parties_asked
from ingest.language.tokens import tokens_of
from ingest.language.verbs import ASKING, SAYING, load_verbs
from vectorstore.letters import Voice

_DETERMINER = re.compile(r"\b(?:het|de|the|a|onze|our)\s+$")
_ACCORDING = re.compile(r"\b(?:volgens|standpunt|mening|according to|aldus)\s+(?:van\s+)?$")
_OF = re.compile(
    r"\b(?:(?:bezwaar|kritiek|reactie|standpunt|mening|antwoord|oordeel) van|(?:position|view|opinion|reply|response) of|"
    r"volgens|aldus|according to|says|said|did|does|do|has|have|had|was|were|is|heeft|deed|kijkt|keek|reageerde|reageert|wil|wilde|wou)"
    r"\s+$"
)
"""What asks for the words or the deeds of the party that follows, beside the verbs of saying."""

_NO_SUBJECT_AFTER: Final = frozenset(
    "van aan over met bij door voor tegen op in uit naar of by to from about with for against at the de het een a our "
    "onze".split()
)
"""Words that make something else of a party than who says or does it."""

_AND_WHAT = re.compile(r"\b(?:en|and)\s+(?:wat|hoe|of|is|heeft|deed|what|how|did|has|whether)\b")
_SPEAKS: Final = SAYING | ASKING


def find_voice(question: Wording) -> Voice | None:
    """Return whose words a question asks for: the speaker after "volgens", else the subject of the first verb.

    A question that asks for both ("Wat vroeg de raad en wat besloot het college?") asks for nobody's in particular.
    """
    folded = question.folded
    parties = parties_asked(folded)
    for stands in (_is_according, _is_asked):
        asked = [named for named in parties if stands(_before(folded, named))]
        if asked and stands is _is_according:
            return min(asked, key=lambda named: named.voice is not Voice.COUNCIL).voice
        if asked:
            break
    else:
        asked = [named for named in parties if _is_subject(_before(folded, named))]
    if len({named.voice for named in asked}) > 1 and _AND_WHAT.search(folded):
        return None
    return asked[0].voice if asked else None


def _before(folded: str, named: Named) -> str:
    """Return what stands before a party and its article."""
    before = folded[: named.start]
    return _DETERMINER.sub("", before)


def _is_according(before: str) -> bool:
    return _ACCORDING.search(before) is not None


def _is_asked(before: str) -> bool:
    tokens = tokens_of(before)
    verb = before[-1:].isspace() and load_verbs().is_near(tokens, len(tokens) - 1, _SPEAKS)
    return verb or _OF.search(before) is not None


def _is_subject(before: str) -> bool:
    return before.split()[-1:] == [] or before.split()[-1] not in _NO_SUBJECT_AFTER or not before[-1:].isspace()
