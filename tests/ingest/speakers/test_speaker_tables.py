"""Tables of advice and reply: each column is its party's."""

from __future__ import annotations

import pytest

from ingest.speakers.speaker_tables import told_in_tables
from vectorstore.letters import Voice


def heard(text: str, voice: Voice) -> list[tuple[str, Voice]]:
    return [(text[u.start : u.end], u.voice) for u in told_in_tables(text, voice, (0, len(text)))]


ROWS = "Maak de folder korter. | Dat doen wij.\nBel mensen terug. | Dat kan niet."


@pytest.mark.parametrize(
    "heads",
    [
        "Advies Wmo-raad | Reactie college",
        "Uw vraag | Ons antwoord",
        "Cliëntenraad | Gemeente",
        "Aanbeveling | Besluit B&W",
    ],
)
def test_each_column_is_its_partys(heads: str) -> None:
    text = f"Wij zetten het naast elkaar.\n\n{heads}\n{ROWS}\n\nTot slot."
    advice = ["Maak de folder korter.", "Bel mensen terug."]
    assert heard(text, Voice.EXECUTIVE) == [(words, Voice.COUNCIL) for words in advice]
    assert heard(text, Voice.COUNCIL) == [(words, Voice.EXECUTIVE) for words in ("Dat doen wij.", "Dat kan niet.")]


def test_a_column_of_numbers_is_nobodys_and_a_row_of_another_shape_ends_the_table() -> None:
    text = f"Nr. | Advies | Reactie\n1 | {ROWS.splitlines()[0]}\n{ROWS.splitlines()[1]}"
    assert heard(text, Voice.EXECUTIVE) == [("Maak de folder korter.", Voice.COUNCIL)]


@pytest.mark.parametrize("heads", ["Jaar | Aantal", "Regeling | Grens", "Advies | Datum", "Actie | Wie | Wanneer"])
def test_other_tables_are_the_writers(heads: str) -> None:
    assert heard(f"{heads}\n2019 | 225\n2020 | 310", Voice.EXECUTIVE) == []
