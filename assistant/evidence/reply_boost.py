"""Letters that answer the letters found: what was said to a proposal stands where its own words need not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.links.graph import Links
from vectorstore.letters import Voice
from vectorstore.search import Hit
from vectorstore.store.source import LetterSource

_ASKED_ABOUT = 4
"""Letters found, of which the replies are looked for."""

_GAIN = 1.0
"""What a passage of a reply gains, in standard deviations of the search's scores."""


class Replies:
    """Which letters answer which.

    Args:
        letters: that are read.
    """

    def __init__(self, letters: LetterSource) -> None:
        self._links = Links.of_letters(letters)

    def to(self, letters: Iterable[str]) -> frozenset[str]:
        """Return the ids of the letters that answer one of these."""
        return frozenset().union(*map(self._links.answering, letters))

    def preferred(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with those of replies to the best letters lifted, best first.

        Args:
            hits: passages found, best first.
        """
        asked = dict.fromkeys(hit.passage.letter.id for hit in hits if hit.passage.letter.author is not Voice.EXECUTIVE)
        replies = self.to(list(asked)[:_ASKED_ABOUT])
        lifted = [replace(hit, score=hit.score + _GAIN) if hit.passage.letter.id in replies else hit for hit in hits]
        return sorted(lifted, key=lambda hit: -hit.score)
