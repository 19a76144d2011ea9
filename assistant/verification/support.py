"""The words of a statement that a passage must carry, and those with which anything is said of letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from assistant.evidence.coverage import specificity
from assistant.query.stopwords import FRAME
from assistant.verification.candidates import Carried, Line, Reading, Said
from ingest.language.dates.months import MONTHS
from ingest.language.numbers import scale_of, value_of
from ingest.language.quantities import figures_in
from vectorstore.analysis.dutch import STOPWORDS
from vectorstore.analysis.expansion import Concept
from vectorstore.letters import Citation, Passage
from vectorstore.search import Archive, Query

_LEAST_RARITY = 0.4
_MOST_RARITY = 3.2
"""A word that stands nowhere in an archive is as likely another word for what it says as something made up."""

_REPORTING: Final = frozenset(
    """
    benadrukt benadrukte benadrukken wijst wees wijzen pleit pleitte pleiten bepleit bepleitte geeft gaf geven meldt meldde melden noemde noemen noemt vermeldt
    stellen betoogt betoogde constateert constateerde concludeert merkt merkte opgemerkt waarschuwt waarschuwde wil wilde willen verzoekt verzocht verzoek
    voorstelt voorstelde voorstel stelt voor dringt drong aandringt uitlegt legt uit licht toe toegelicht schreven aangegeven aangeeft aandacht onderstreept
    onderstreepte stond staat staan luidt luidde besprak bespreekt gaat ging betreft betrof krijgt kreeg kregen krijgen heeft liet laten weten vroeg
    verwijst verwees oproept roept riep oproep verklaart verklaarde bevestigt bevestigde erkent erkende uit uitte sprak uitgesproken gezegd
    clientenraad adviesraad klankbordgroep participatieraad platform raad raadsleden leden lid burgemeester wethouders b w benw gemeentelijke gemeentebestuur
    brief reactie advies adviseert adviesbrief verslag samenvatting document documenten passage bron archief punt punten onderwerp kwestie zaak
    wordt worden werd werden zijn was is waren maakt maakte maken doet deed doen komt kwam komen houdt hield ziet zag vonden kijkt
    daarbij daarnaast verder bovendien tevens ook echter daarom eveneens vooral onder andere bijvoorbeeld namelijk inmiddels af toe in uit op over mee door
    graag nodig belangrijk plaats instead ten eerste slot aanleiding manier wijze sprake geval gevallen feit reden omdat vanwege wegens doordat zodat
    jaar jaren maand maanden week weken dag dagen uur minuten euro procent percent years year months month weeks week days day hours euros per
    stated states writes wrote written asks asked advises advised recommends recommended proposes proposed suggests suggested argues argued notes noted
    points pointed out warns warned urges urged calls called emphasizes emphasises stressed stresses believes believed considers considered finds found
    kortom samengevat samenvattend concreet hoewel ofschoon hiermee daarmee hierdoor daardoor hierbij lijkt lijken leek blijkt bleek blijken hoeft hoeven hoefde
    moest moesten zou zouden krijgen lukt lukte gelukt zitten zat ligt lag liggen laat laten kosten daarna daarvoor vervolgens overigens samen totaal gezamenlijk
    tenzij behalve mits hoogte dankzij ernaast daarnaast ervoor eerder later opnieuw weer nogmaals steeds telkens keer maal koos kiest kozen kiezen gekozen
    need needs needed after before one ones up out each together overall short also instead although though while whether made make makes making given give gives
    take takes took taken under per therefore thus then would could should might must already still only both either another other others about around
    explains explained replied replies responds responded reply response request requested requests letter advice council client clients executive
    municipality municipal alderman mayor regarding concerning according mentions mentioned reports reported says said states adds added expresses expressed
    """.split()
)
"""Words of reporting and of letters; that they stand in a statement is no reason to expect them in a passage."""


class Content:
    """Takes the content words out of statements.

    Args:
        archive: tells what is rare, and gives the other words for what is said.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._free = {archive.analyser.stem(word) for word in (FRAME | _REPORTING) - {"volgens"}}
        self.stems = lru_cache(maxsize=5000)(self._stems)
        self._worth = lru_cache(maxsize=20_000)(self._worth_of)

    def said(self, text: str, *, english: bool) -> Said:
        """Return the content words of a text, each with its worth by rarity; numbers and months left out."""
        concepts = (
            [
                concept
                for concept in self._archive.concepts(Query(text, english=english))
                if not all(self._is_free(word) for word in concept.surface.split())
            ]
            if text.strip()
            else []
        )
        worth = [self._worth(concept, english) for concept in concepts]
        total = sum(worth)
        return Said(tuple(concepts), tuple(value / total for value in worth))

    def _stems(self, text: str) -> frozenset[str]:
        """Return the stems of a text, compound parts included."""
        return frozenset(stem for term in self._archive.analyser.terms(text) for stem in (term.stem, *term.parts))

    def _is_free(self, word: str) -> bool:
        """Check whether a folded word need not stand in a passage, or is checked apart, as numbers are."""
        if word in STOPWORDS or word in FRAME or word in _REPORTING or word in MONTHS or not word.isascii():
            return True
        if value_of(word) is not None or scale_of(word) or any(letter.isdigit() for letter in word):
            return True
        return self._archive.analyser.stem(word) in self._free

    def _worth_of(self, concept: Concept, english: bool) -> float:
        rarity = min(_MOST_RARITY, max(_LEAST_RARITY, self._archive.rarity(concept)))
        return max(0.1, rarity * specificity(self._archive, concept, english))


def lines_holding(text: str, readings: Sequence[Reading]) -> Carried | None:
    """Return the sentences that have the numbers of a text that says little else; None if there is none, or a passage has none."""
    values = {each.value for each in figures_in(text).quantities}
    lines = tuple(
        tuple(line for line in reading.lines if any(each.value in values for each in line.figures.quantities))[:1]
        for reading in readings
    )
    return Carried(1.0, lines, (1.0,) * len(lines)) if values and all(lines) else None


def lies_in_orders(citation: Citation, readings: Sequence[Reading]) -> bool:
    """Check whether words of a passage stand in a sentence that gives orders to a program."""
    lines = (line for reading in readings if reading.passage is citation.passage for line in reading.lines)
    return any(line.orders and line.start < citation.end and citation.start < line.end for line in lines)


def joined(passage: Passage, lines: Sequence[Line]) -> list[Citation]:
    """Return citations of sentences, joining those with nothing between them."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if spans and not passage.letter.text[spans[-1][1] : line.start].strip():
            spans[-1] = spans[-1][0], line.end
        else:
            spans.append((line.start, line.end))
    return [Citation(passage, start, end) for start, end in spans]
