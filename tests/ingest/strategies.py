"""Letters as hypothesis makes them: words, sentences, paragraphs, and the ways an export can lay them out."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = (
    "de",
    "het",
    "een",
    "raad",
    "college",
    "gemeente",
    "bijstand",
    "armoedeval",
    "werkzoekenden",
    "uitkering",
    "wij",
    "vinden",
    "advies",
    "taaleis",
    "schuldhulpverlening",
    "kostendelersnorm",
    "inwoners",
    "re-integratie",
    "WW-uitkering",
    "mensen",
    "formulier",
    "wachttijd",
    "maanden",
    "procent",
    "vergoeding",
    "één",
    "vóór",
    "cliënten",
    "zo’n",
    "120",
    "scholings- en ontwikkelingsbeleid",
    "beleid",
    "voorzieningen",
    "van",
    "voor",
    "met",
    "niet",
    "altijd",
    "aan",
    "namens",
    "beste",
)
"""Dutch words, some of them hard to break over lines."""

words = st.sampled_from(WORDS)
endings = st.sampled_from([".", ".", ".", "?", "!"])


@st.composite
def sentences(draw: st.DrawFn, least: int = 4, most: int = 30) -> str:
    """A sentence that begins with a capital and ends with a full stop."""
    middle = draw(st.lists(words, min_size=least - 1, max_size=most - 1))
    return " ".join(["Wij", *middle, "gemeente"]) + draw(endings)


@st.composite
def paragraphs(draw: st.DrawFn, most: int = 5) -> str:
    """Some sentences."""
    return " ".join(draw(st.lists(sentences(), min_size=1, max_size=most)))


def _told_apart(text: list[str]) -> list[str]:
    """The text with every third word of its own, so that no two lines are the same, as in real letters."""
    number = itertools.count(1)
    return [
        re.sub(r"((?:\S+ ){3})(?!en )", lambda three: f"{three[1]}zaak{next(number)} ", paragraph) for paragraph in text
    ]


texts = st.lists(paragraphs(), min_size=1, max_size=8).map(_told_apart)
"""Paragraphs of a letter."""


@dataclass(frozen=True)
class Layout:
    """How an export lays a text out.

    Attributes:
        width: characters on a line.
        doubled: a blank line stands between every two lines.
        crlf: lines end as on Windows.
        page: lines on a page, each page ended by a form feed; 0 for no pages.
        footer: what stands under each page.
    """

    width: int = 80
    doubled: bool = False
    crlf: bool = False
    page: int = 0
    footer: str = ""

    def apply(self, text: Sequence[str]) -> str:
        """The paragraphs as a file has them."""
        lines: list[str] = []
        for paragraph in text:
            lines += [*textwrap.wrap(paragraph, self.width, break_on_hyphens=False, break_long_words=False), ""]
        whole = self._paged(lines) if self.page else "\n".join(lines)
        whole = whole.replace("\n", "\n\n") if self.doubled else whole
        return whole.replace("\n", "\r\n") if self.crlf else whole

    def _paged(self, lines: Sequence[str]) -> str:
        pages = [lines[i : i + self.page] for i in range(0, len(lines), self.page)]
        feet = [self.footer.format(page=i, pages=len(pages)) for i in range(1, len(pages) + 1)]
        return "\f".join("\n".join([*page, "", foot]) for page, foot in zip(pages, feet, strict=True))


layouts = st.builds(
    Layout,
    width=st.integers(45, 110),
    doubled=st.booleans(),
    crlf=st.booleans(),
    page=st.sampled_from([0, 0, 12, 30]),
    footer=st.sampled_from(["", "Pagina {page} van {pages}", "- {page} -", "{page}/{pages}"]),
)
