"""Letters that answer the letters found: what was said to a proposal stands where its own words need not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.links import LinkKind, Links
from vectorstore.letters import Voice
from vectorstore.search import Hit
from vectorstore.store import Store

_ASKED_ABOUT = 4
"""Letters found, of which the replies are looked for."""

_GAIN = 1.0
"""What a passage of a reply gains, in standard deviations of the search's scores."""


class Replies:
    """Which letters of a store answer which.

    Args:
        store: the letters.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._links: Links | None = None
        self._stale = True

    def refresh(self) -> None:
        """Look again at the letters before the next question."""
        self._stale = True

    def to(self, letters: Iterable[str]) -> frozenset[str]:
        """The ids of the letters that answer one of these."""
        if self._links is None:
            self._links = Links(self._store.location.data)
        if self._stale:
            self._links.catch_up(self._store)
            self._stale = False
        return frozenset(
            link.giver for letter in letters for link in self._links.to(letter) if link.kind is LinkKind.REPLIES
        )

    def preferred(self, hits: Sequence[Hit]) -> list[Hit]:
        """Hits with those of replies to the best letters lifted, best first.

        Args:
            hits: passages found, best first.
        """
        asked = dict.fromkeys(hit.passage.letter.id for hit in hits if hit.passage.letter.author is not Voice.EXECUTIVE)
        replies = self.to(list(asked)[:_ASKED_ABOUT])
        lifted = [replace(hit, score=hit.score + _GAIN) if hit.passage.letter.id in replies else hit for hit in hits]
        return sorted(lifted, key=lambda hit: -hit.score)
