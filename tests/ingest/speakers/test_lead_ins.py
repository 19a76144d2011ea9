"""Whose words a lead-in announces, and whose it does not."""

from __future__ import annotations

import pytest

from ingest.speakers.lead_ins import quoted_speaker
from ingest.speakers.participants import Sides
from ingest.speakers.reported_speech import reported_speaker
from vectorstore.letters import Voice

COUNCIL = Sides(Voice.COUNCIL, Voice.COUNCIL, Voice.EXECUTIVE)


@pytest.mark.parametrize(
    "lead_in",
    [
        "- de termijn te laten ingaan op de dag waarop iemand zich meldt, …",
        "Als het geld gaat naar de mensen die willen verhuizen, is dat niet eerlijk.",
        "Bewoners worden verwacht zelf te bellen, …",
        "Een groot deel van de mensen die uit de",
        "Dat bijdraagt aan het feit dat mensen werk vinden, …",
        "De raad schreef in 2018:",
    ],
)
def test_people_who_do_something_say_nothing_and_the_raad_of_then_may_be_the_towns(lead_in: str) -> None:
    assert quoted_speaker(lead_in, COUNCIL, None)[0] is Voice.UNKNOWN


@pytest.mark.parametrize(
    ("lead_in", "speaker"),
    [
        ("Een bewoner vertelde ons:", Voice.OTHER),
        ("Een cliënt die al drie jaar wacht zegt:", Voice.OTHER),
        ("De wethouder zei daarover:", Voice.EXECUTIVE),
        ("De raad adviseert:", Voice.COUNCIL),
    ],
)
def test_who_says_something_is_heard(lead_in: str, speaker: Voice) -> None:
    assert quoted_speaker(lead_in, COUNCIL, None)[0] is speaker


def test_a_sentence_in_capitals_is_read_as_any_other() -> None:
    assert quoted_speaker("HET COLLEGE STELT DAT ER GEEN GELD IS.", COUNCIL, None)[0] is Voice.EXECUTIVE
    assert reported_speaker("HET COLLEGE STELT DAT ER GEEN GELD IS.", COUNCIL) is Voice.EXECUTIVE
