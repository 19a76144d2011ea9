"""Words of questions: those that tell their language, and those that ask rather than say what is asked about."""

from __future__ import annotations

from vectorstore.analysis.dutch import DUTCH_STOPWORDS, ENGLISH_STOPWORDS

DUTCH = (DUTCH_STOPWORDS - ENGLISH_STOPWORDS) | frozenset(
    "zei zegt vond vindt vroeg schreef adviseerde raad clientenraad gemeente brief advies kenmerk standpunt".split()
)
ENGLISH = (ENGLISH_STOPWORDS - DUTCH_STOPWORDS) | frozenset(
    "people letter council advice executive municipality client wrote asked recommended according".split()
)
"""Words that tell the language of a question: function words of one language only, and those that frame questions."""

FRAME = frozenset(
    """
    clientenraad raad council client clients college gemeente wethouder executive municipality municipal bestuur
    zei zegt zeggen gezegd vond vindt vind staat vinden vonden schreef schrijft schreven geschreven adviseerde adviseert
    geadviseerd adviseren stelde stelt gesteld vroeg vraagt vroegen gevraagd vragen antwoordde antwoord antwoorden
    reageerde reactie standpunt mening oordeel
    say said says write wrote asked ask recommend recommended recommendation think thought opinion position view reply
    replied response answer answered advise advised tell
    kijkt keek aan tegen denkt dacht hoeveel many much weten vertel vertellen noemt noemde genoemd sprak spreekt
    gesproken brief brieven letter letters advies adviezen advice volgens according kenmerk reference datum date
    ondertekend ondertekende ondertekenden tekende tekenden stuurde verstuurde verzonden gestuurd sent geadresseerd
    daarop daarvan daarmee daarbij hierop hierover daarover
    percentage bedrag bedragen aantal aantallen leeftijd nummer zaaknummer gedeelte deel reden redenen argument argumenten
    opmerking uitspraak bewering getal cijfer cijfers moment uiteindelijk precies eigenlijk welke welk
    amount amounts number share reason reasons
    signed gericht addressed archief archive ooit eerder vaker hoe often earlier before
    """.split()
)
"""Folded words that ask rather than say what is asked about; they are no evidence that a passage answers."""
