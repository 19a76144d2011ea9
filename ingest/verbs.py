"""Dutch verbs of saying, holding and asking in all their forms, as regular expressions."""

from __future__ import annotations

from typing import Final

_TELLING = (
    "stel stellen|meld melden|betoog betogen|concludeer concluderen|erken erkennen|beweer beweren|"
    "antwoord antwoorden|benadruk benadrukken|bevestig bevestigen|verklaar verklaren|vertel vertellen|"
    "vermeld vermelden|verzeker verzekeren|ontken ontkennen|mail mailen|onderstreep onderstrepen|"
    "suggereer suggereren|beaam beamen|rapporteer rapporteren|verzucht verzuchten|nuanceer nuanceren|"
    "klaag klagen|beklemtoon beklemtonen|weerleg weerleggen|garandeer garanderen|memoreer memoreren|"
    "merk merken op|voer voeren aan|kondig kondigen aan|deel delen mee|leg leggen uit|licht lichten toe|"
    "stip stippen aan|werp werpen tegen|teken tekenen aan"
)
"""Weak verbs: what "ik" does and what "wij" do, and for some the particle that stands apart from the verb."""

_THINKING = (
    "meen menen|verwacht verwachten|acht achten|noem noemen|constateer constateren|geloof geloven|"
    "oordeel oordelen|signaleer signaleren|betwijfel betwijfelen|betreur betreuren|schat schatten|vrees vrezen|"
    "hoop hopen|vermoed vermoeden|voorspel voorspellen|redeneer redeneren"
)

_STRONG = (
    "schrijf schrijven schreef schreven geschreven|zeg zeggen zei zeiden gezegd|"
    "bestrijd bestrijden bestreed bestreden bestreden|beloof beloven beloofde beloofden beloofd|"
    "betwist betwisten betwistte betwistten betwist|geef geven gaf gaven aangegeven aan|"
    "geef geven gaf gaven toegegeven toe|wijs wijzen wees wezen gewezen op|wijs wijzen wees wezen gewezen erop|"
    "zeg zeggen zegde zegden toegezegd toe|zeg zeggen zei zeiden toegezegd toe|"
    "spreek spreken sprak spraken tegengesproken tegen|spreek spreken sprak spraken uitgesproken uit|houd houden hield hielden volgehouden vol|"
    "gaa gaan ging gingen uitgegaan er ?van ?uit|laat laten liet lieten laten weten|"
    "reken rekenen rekende rekenden voorgerekend voor dat|"
    "stelt stellen stelde stelden gesteld zich op het standpunt|"
    "beroept beroepen beriep beriepen beroepen zich op|herinner herinneren herinnerde herinnerden herinnerd aan"
)
_STRONG_THINKING = "vind vinden vond vonden gevonden|denk denken dacht dachten gedacht"
_ASKING = (
    "adviseer adviseren|vraag vragen|pleit pleiten|bepleit bepleiten|waarschuw waarschuwen|formuleer formuleren|mis missen|uit uiten|"
    "suggereer suggereren|wens wensen|verlang verlangen|opper opperen|dring dringen aan|hamer hameren"
)
_ASKING_STRONG = (
    "vraag vragen vroeg vroegen gevraagd|verzoek verzoeken verzocht verzochten verzocht|beveel bevelen beval bevalen aanbevolen|"
    "raad raden raadde raadden aangeraden|omschrijf omschrijven omschreef omschreven omschreven|"
    "beschrijf beschrijven beschreef beschreven beschreven|doe doen deed deden gedaan een oproep|doe doen deed deden gedaan de suggestie|"
    "doe doen deed deden gedaan een aanbeveling|doe doen deed deden gedaan de aanbeveling|dring dringen drong drongen aangedrongen aan"
)
_UNCHANGED = ("be", "ver", "ont", "her", "er", "ge", "weer", "onder", "voor")
"""A participle after these has no "ge"."""

_SILENT = {
    "gevonden",
    "gewezen",
    "beroepen",
    "laten",
    "geacht",
    "geschat",
    "gehoopt",
    "gevreesd",
    "uitgegaan",
    "gedacht",
}
"""Participles that by themselves tell nothing that was said."""

_BETWEEN = r"(?:[\w’'&.-]+,? ){0,6}?"
"""Words between a verb and its particle."""

_ENDS = r"\b(?=[,.:;]|$| (?:dat|te|om|hoe|wat|waarom|welke|wie|of|geen|[‘“'\"])|(?<=\bop)|(?<=\bop het standpunt)|(?<=\bdat))"
"""What follows a particle that stands apart: in "geeft de sleutel aan de buren" it is no particle."""


class Verbs:
    """The forms of some verbs.

    Attributes:
        near: a finite form, with its particle near behind it.
        apart: a finite form before its subject, its particle somewhere behind that.
        participles: past participles.
    """

    def __init__(self, weak: str, strong: str) -> None:
        rows = [*map(_weak, weak.split("|")), *map(_strong, strong.split("|"))]
        whole = sorted({form for finite, _, particle in rows if not particle for form in finite}, key=len, reverse=True)
        parted = [
            ("|".join(sorted(finite, key=len, reverse=True)), particle) for finite, _, particle in rows if particle
        ]
        self.near: Final = "|".join(
            [
                rf"(?:{'|'.join(whole)})",
                *(rf"(?:{finite}) (?:{particle}\b|{_BETWEEN}{particle}{_ENDS})" for finite, particle in parted),
            ]
        )
        self.apart: Final = "|".join(rf"(?:{finite})(?= .*\b{particle}\b)" for finite, particle in parted)
        told = {participle for _, participle, _ in rows} - _SILENT
        self.participles: Final = "|".join([*sorted(told, key=len, reverse=True), "gewezen op", "erop gewezen"])


_Row = tuple[frozenset[str], str, str]


def _weak(row: str) -> _Row:
    """The finite forms, the participle and the particle of a weak verb."""
    stem, plural, *particle = row.split(" ")
    dental = "t" if plural[-3] in "tkfschpx" else "d"
    past = stem + dental + "e"
    finite = frozenset({stem if stem.endswith("t") else stem + "t", plural, past, past + "n"})
    bare = stem if stem[-1] in "dt" else stem + dental
    return finite, "".join(particle) + (bare if stem.startswith(_UNCHANGED) else "ge" + bare), "".join(particle)


def _strong(row: str) -> _Row:
    stem, plural, past, pasts, participle, *particle = row.split(" ")
    present = {plural, stem if stem.endswith("t") else stem + "t"}
    return frozenset({*present, past, pasts}), participle, " ".join(particle)


TELLING: Final = Verbs(_TELLING, _STRONG)
"""Verbs of saying."""

SAYING: Final = Verbs(f"{_TELLING}|{_THINKING}", f"{_STRONG}|{_STRONG_THINKING}")
"""Verbs of saying and thinking."""

ASKING: Final = Verbs(_ASKING, _ASKING_STRONG)
"""Verbs of asking and advising."""
