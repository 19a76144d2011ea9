"""Letters by number, as many as a trial needs, and questions about them. Everything in them is invented."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.ingest.documents import advice, reply

SUBJECTS: Final = (
    "de schuldhulpverlening", "de armoederegelingen", "de taaleis", "de wijkbalie", "de energietoeslag", "het minimaloket",
    "beschut werk", "de bijzondere bijstand", "het doelgroepenvervoer", "de kostendelersnorm", "de stadspas",
    "de individuele inkomenstoeslag", "de tegenprestatie", "het leerwerktraject", "de kwijtschelding", "de voedselbank",
)  # fmt: skip
PLACES: Final = (
    "Noorderhoek", "Vaartkwartier", "Lindewijk", "Zuiderwijk", "Molenbuurt", "Havenrand", "Kruidenhof", "Eikenlaan",
    "Tuindorp", "Westpolder", "Spoorzone", "Kloosterveld", "Ringdijk",
)  # fmt: skip
WISHES: Final = (
    "het aantal spreekuren te verdubbelen", "een vast aanspreekpunt te noemen", "de formulieren te vereenvoudigen",
    "huisbezoeken weer mogelijk te maken", "de eigen bijdrage af te schaffen", "elk kwartaal cijfers te sturen",
    "jongeren tot 27 jaar voorrang te geven", "een onafhankelijke klachtenlijn te openen",
)  # fmt: skip
MONTHS: Final = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "september", "oktober", "november")


def name_of(number: int) -> str:
    """Return the name of the file of a letter."""
    return f"brief-{number:05}.txt"


def text_of(number: int, version: int = 0) -> str:
    """Return a letter: every third one replies to the one before it.

    Args:
        number: the same letter for the same number.
        version: what it says changes with this, not what it is about.
    """
    if number % 3 == 2:
        return _reply(number, version)
    subject, place = _topic(number)
    chosen = random.Random(f"{number} {version}")
    parts = [
        f"Wij vragen aandacht voor {subject} in de wijk {place}. Bij ons spreekuur kwamen {chosen.randint(11, 99)} bewoners "
        f"van {place} met vragen over {subject}. Gemiddeld wachtten zij {chosen.randint(3, 30)} weken op een antwoord."
    ]
    for wish in chosen.sample(WISHES, 3):
        parts.append(
            f"Wij adviseren u om voor {subject} in {place} {wish}. De kosten daarvan zijn naar onze schatting "
            f"{chosen.randint(2, 90)}.000 euro per jaar. Zonder die maatregel blijft {subject} voor bewoners van {place} "
            f"onbereikbaar, zo bleek uit {chosen.randint(4, 60)} gesprekken die wij hielden."
        )
    reference = f"CRV {_year(number)}-{number}"
    about = f"advies over {subject} in {place}"
    return advice("\n\n".join(parts), date=_date(number), reference=reference, subject=about)


def _reply(number: int, version: int) -> str:
    subject, place = _topic(number - 1)
    chosen = random.Random(f"{number} {version}")
    body = (
        f"In uw advies vraagt u aandacht voor {subject} in {place}. Wij stellen voor {subject} in {place} "
        f"{chosen.randint(2, 90)}.000 euro beschikbaar.\n\nUw wens om {chosen.choice(WISHES)} nemen wij niet over, omdat "
        f"de uitvoering van {subject} dan {chosen.randint(5, 40)} procent duurder wordt."
    )
    theirs = f"CRV {_year(number - 1)}-{number - 1}"
    return reply(body, date=_date(number), reference=f"SD/{number}", theirs=theirs, subject=f"{subject} in {place}")


def _topic(number: int) -> tuple[str, str]:
    return SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]


def _year(number: int) -> int:
    return 2012 + number % 12


def _date(number: int) -> str:
    return f"{1 + number % 28} {MONTHS[number % len(MONTHS)]} {_year(number)}"


def write(folder: Path, numbers: Iterable[int], version: int = 0) -> Path:
    """Write letters into a folder, which is made if missing, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / name_of(number)).write_text(text_of(number, version), encoding="utf-8")
    return folder


def question(number: int) -> str:
    """Return a question by its number, from many."""
    subject, place = SUBJECTS[number * 7 % len(SUBJECTS)], PLACES[number * 5 % len(PLACES)]
    asked = (
        f"Wat adviseerde de raad over {subject} in {place}?",
        f"Hoeveel geld stelt het college beschikbaar voor {subject} in {place}?",
        f"Hoe lang wachten bewoners van {place} op een antwoord over {subject}?",
        f"Wat antwoordde het college over {subject}?",
    )
    return asked[number % len(asked)]


def questions(count: int) -> list[str]:
    """Return the first questions."""
    return [question(number) for number in range(count)]
