"""The archive that is read: the newest generation that was published, opened again when there is a newer one."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

from prompts.wording import message
from vectorstore.errors import ArchiveUnavailable, DamagedArchive
from vectorstore.published.generation import DamagedGeneration, Generation, NoGeneration, latest
from vectorstore.search import Archive
from vectorstore.store.engine import Location
from vectorstore.store.mark import check_mark
from vectorstore.store.store import revision_of

_log = logging.getLogger("raadsgeheugen")


@runtime_checkable
class ArchiveSource(Protocol):
    """Something that gives the archive to read."""

    def current(self) -> Archive:
        """Return the archive as it is now."""


_SECONDS_BETWEEN_LOOKS: Final = 3.0
"""Seconds during which a server is not asked again whether the archive has changed."""


class Follower:
    """What brings that which was published here in step with an archive on a server.

    Args:
        location: of the archive.
        republish: publishes it again.
    """

    def __init__(self, location: Location, republish: Callable[[], None]) -> None:
        self._location = location
        self._republish = republish
        self._looked = -math.inf
        self._looking = threading.Lock()

    def __call__(self) -> None:
        """Publish the archive again if it has changed.

        Raises:
            ArchiveUnavailable: the server does not answer.
        """
        with self._looking:
            if time.monotonic() - self._looked < _SECONDS_BETWEEN_LOOKS:
                return
            if revision_of(self._location) != self._published():
                self._republish()
            self._looked = time.monotonic()

    def _published(self) -> str | None:
        try:
            return latest(self._location.data, checked=False).manifest.revision
        except (NoGeneration, DamagedGeneration):
            return None


class Library:
    """The newest generation of an archive. Safe for use by several threads at once.

    Args:
        location: of the archive.
        open_generation: opens what was published.
        republish: publishes the archive again, where what was published is missing or damaged.
        follow: called before each look, brings what was published in step with an archive that is elsewhere.
    """

    def __init__(
        self,
        location: Location,
        open_generation: Callable[[Generation], Archive],
        republish: Callable[[], None],
        follow: Callable[[], None] = lambda: None,
    ) -> None:
        self._location = location
        self._open_generation = open_generation
        self._republish = republish
        self._follow = follow
        self._held: tuple[Generation, Archive] | None = None
        self._opening = threading.Lock()

    def current(self) -> Archive:
        """Return the archive as it is now; while a newer generation is opened, others get the one before.

        Raises:
            NoArchive: there is none.
            ArchiveUnavailable: it cannot be read.
            ArchiveMismatch: it was built with other parts than this program has.
        """
        held = self._held
        self._follow()
        if held and held[0].is_current:
            return held[1]
        if not self._opening.acquire(blocking=held is None) and held:
            return held[1]
        try:
            return self._open()
        finally:
            self._opening.release()

    def _open(self) -> Archive:
        if not (self._held and self._held[0].is_current):
            try:
                check_mark(self._location)
                self._held = self._open_latest()
            except BaseException:
                self._held = None
                raise
        return self._held[1]

    def _open_latest(self) -> tuple[Generation, Archive]:
        """Open the newest generation, which is published again if it is damaged."""
        try:
            return self._open_once()
        except NoGeneration:
            self._republish()
        except DamagedGeneration as error:
            _log.warning("%s", message("republished", problem=error)[0])
            self._republish()
        try:
            return self._open_once()
        except (NoGeneration, DamagedGeneration) as error:
            raise ArchiveUnavailable(*message("not_published", problem=error)) from error

    def _open_once(self) -> tuple[Generation, Archive]:
        """Open the newest generation, or a newer one that replaced it meanwhile."""
        while True:
            generation = latest(self._location.data)
            try:
                return generation, self._open_generation(generation)
            except (DamagedGeneration, DamagedArchive) as error:
                if generation.is_current:
                    raise DamagedGeneration(str(error)) from error
