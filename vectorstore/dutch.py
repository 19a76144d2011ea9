"""Dutch text analysis: folding, tokens, stems, compound parts and character n-grams.

Stems come from Snowball's `dutch_porter` (its 2025 `dutch` splits the families of this field: advies/adviezen), mended
by a list of irregular forms and by rules for verbs that need a word list to be safe. Compounds are split by corpus
frequency (Koehn & Knight, "Empirical Methods for Compound Splitting", EACL 2003).
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

import Stemmer

from vectorstore.memory import Memory

VERSION = "dutch-3"
"""Changes whenever the same text would give other terms, so that an archive knows how it was analysed."""

DATA = Path(str(resources.files("vectorstore"))) / "data"
WORDS_FILE = DATA / "words.tsv.gz"
DICTIONARY_FILE = DATA / "dictionary.tsv.gz"

_TOKEN = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*(?:-[a-z0-9]+)*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")

DUTCH_STOPWORDS = frozenset(
    """
    aan al alle als altijd ander andere anders bij daar daarbij daardoor daarom daarvan dan dat de den der deze die dit
    doe doen doet door dus een eens eerst en er erg evenwel geen geweest haar had hadden heb hebben hebt heeft hem hen
    het hier hierbij hij hoe hun ik in is ja je jij jou jullie kan kon konden kunnen kunt liever maar me mee meer men
    met mij mijn moet moeten mogen mag na naar namelijk net niet nog nu of om omdat onder ons onze ook op over per reeds
    te tegen tot toch toen tussen u uit uw van vanuit vaak veel verder via volgens voor vooral waar waarbij waardoor
    waarom waarop waarvan wanneer was waren wat we wel welk welke werd werden wie wij wil willen worden wordt zal ze
    zeer binnen buiten naast nadat zodra terwijl wilde wilden beetje iets iemand niemand alles iedereen sommige
    zelf zich zij zijn zo zoals zodat zonder zou zouden zulke eigenlijk even graag ooit hierover daarover
    """.split()
)
"""Function words of Dutch, folded; they carry no evidence by themselves."""

ENGLISH_STOPWORDS = frozenset(
    """
    a about also am an and any are as at be been being but by can could did do does for from had has have he her his how
    i if in into is it its may me my no not of on or our ours said say says she should so such than that the their them
    then there these they this those to us was we were what when where which who whom whose why will with would you your
    ever want wants wanted like happen happens happened get gets got give given gave go goes going make made take taken
    much many more most still yet some all other only just now since until while during between against doing done
    both each either neither another something anything nothing someone anyone within without must shall might cannot
    because though although however therefore whether once off again own same few too very ever never took gone
    ve ll re didn doesn don hasn haven hadn isn aren wasn weren wouldn couldn shouldn gotta m t d
    """.split()
)
"""The same of English."""

STOPWORDS = DUTCH_STOPWORDS | ENGLISH_STOPWORDS
"""Function words of Dutch and English."""

_IRREGULAR = {
    form: base
    for base, forms in {
        "lid": "leden",
        "stad": "steden",
        "krijg": "kreeg kregen gekregen",
        "vind": "vond vonden gevonden",
        "schrijf": "schreef schreven geschreven schrijft",
        "geef": "gaf gaven gegeven geeft",
        "neem": "nam namen genomen neemt",
        "spreek": "sprak spraken gesproken spreekt",
        "kom": "kwam kwamen gekomen komt",
        "ga": "ging gingen gegaan gaat gaan",
        "sta": "stond stonden gestaan staat",
        "denk": "dacht dachten gedacht denkt",
        "breng": "bracht brachten gebracht brengt",
        "zoek": "zocht zochten gezocht zoekt",
        "vraag": "vroeg vroegen gevraagd vraagt",
        "blijf": "bleef bleven gebleven blijft",
        "bied": "bood boden geboden biedt",
        "kies": "koos kozen gekozen kiest",
        "sluit": "sloot sloten gesloten",
        "trek": "trok trokken getrokken trekt",
        "help": "hielp hielpen geholpen helpt",
        "val": "viel vielen gevallen valt",
        "loop": "liep liepen gelopen loopt",
        "verlies": "verloor verloren verliest",
        "begin": "begon begonnen begint",
        "krimp": "kromp gekrompen krimpt",
        "stijg": "steeg stegen gestegen stijgt",
        "daal": "daalde daalden gedaald daalt",
        "zeg": "zei zeiden gezegd zegt",
        "doe": "deed deden gedaan",
        "zie": "zag zagen gezien ziet",
        "lees": "las lazen gelezen leest",
        "ontvang": "ontving ontvingen ontvangen ontvangt",
        "onderneem": "ondernam ondernamen ondernomen onderneemt",
        "bespreek": "besprak bespraken besproken bespreekt",
        "stel": "stelt stelde stelden",
        "win": "won wonnen gewonnen wint",
        "bijverdien": "bijverdienste bijverdiensten",
        "mens": "mensen",
        "kind": "kinder kinderen",
        "crisis": "crises",
        "criterium": "criteria",
        "adviseer": "adviseerde adviseerden geadviseerd adviseert adviseren",
    }.items()
    for form in forms.split()
}

_APART = {
    form: stem
    for stem, forms in {
        "weten": "weet weten wist wisten geweten",
        "overheid": "overheid overheden overheids",
        "gegevens": "gegevens",
        "gelden": "geldt gold golden gegolden geldend geldende",
        "meten": "meten meet meette gemeten meting metingen",
        "menen": "menen meen meent meende meenden gemeend",
        "heten": "heten heet heette heetten",
        "uiten": "uiten uitte uitten geuit uiting uitingen",
        "heer": "heer heren",
        "zaal": "zaal zalen",
        "noot": "noot noten",
        "fors": "fors forse",
    }.items()
    for form in forms.split()
} | {
    word: word
    for word in (
        "alvorens behoudens blijkens krachtens leges namens niets rechtens telkens thans tijdens wegens"
    ).split()
}
"""Stems of words that would else meet another word: weten and wet, leges and lege, overheid and over."""

_KEEPS_ITS_S = ("grens", "kans", "wens", "balans", "fonds", "prijs", "eis", "huis", "bewijs", "crisis", "basis", "mens")
"""Endings whose s belongs to the word, so that inkomensgrens meets inkomensgrenzen."""

_FIELD_WORDS = {"minima": 500, "wajong": 100, "mantel": 100, "minimabeleid": 50, "coach": 50, "langdurigheid": 50}
"""Parts of compounds that statutes hardly use, with the weight of a count."""

_NOT_A_HEAD = frozenset(
    """
    heid heden lijk lijke ing ingen aar ers erd elijk baar tie ties iteit aal ale age sel schap zaam loos ster ist isme
    ding eren haven ren ten den gen ven ver ent ant eer ier oor ste sten ting ering ige ische atie aties teer teren
    mees ter burg naren ellen oeren kering bes luit uitv verz besl wetg berek verle aanbi aangev herst best
    """.split()
)
"""Word endings that also stand in word lists; never the part of a compound."""

_WHOLE = frozenset(
    """
    handhaven handhaving besteding ouderen aanbesteding omstandigheden vergaderen bestanden maatregel maatregelen
    planeet
    """.split()
)
"""Words that look like compounds of frequent words and are none."""

_COMPOUNDS = {
    "tegenprestatie": ("prestatie",),
    "eenoudergezin": ("ouder", "gezin"),
    "witgoedregel": ("witgoed", "regeling"),
    "terugvorder": ("vordering",),
    "gehandicaptenparkeerkaart": ("gehandicapte", "parkeerkaart"),
}
"""Stems of compounds whose parts are particles, function words or words no list has; the parts worth searching for."""

_COMMON = 60
"""A word seen this often in the everyday sentences of the word list is as common as words of content get."""

_PARTICLES = frozenset("aan af bij dicht door in mee na om op over terug toe uit vast voor weg".split())
"""They make verbs ("uitvoeren") and what comes of those ("uitvoering"), not compounds; a *weg* may also be a road."""

_SEPARABLE = re.compile(rf"^(?:{'|'.join(sorted(_PARTICLES))})ge\w{{3,}}(?:d|t|en)$")
"""Participles of verbs with a separable particle ("ingericht")."""

_PARTICIPLE = re.compile(rf"(?P<particle>|{'|'.join(sorted(_PARTICLES))})ge(?P<base>\w{{3,}}?)(?P<ending>d|t|de|te)")

_PLURAL = re.compile(r"\w{3,}(?:e|en|[aiouy])s")
"""Plurals in -s that Snowball leaves as they are ("sancties", "inkomens")."""

_DOUBLED = re.compile(r"(?<=\w\w)([bdfgklmnprst])\1$")

_LINKS = ("", "s", "e", "en", "n")
_SHORTEST_PART = 3


def fold(text: str) -> str:
    """Lower case without diacritics, compatibility forms written out, curly quotes straight."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return _NOT_ASCII.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], decomposed).casefold()


def tokens(text: str) -> list[str]:
    """Folded words and numbers in order; "9.527" is 9527, "re-integratie" stays one token with its hyphen."""
    folded = re.sub(r"(?<=\w)['\u2019]s\b", "", fold(text)).replace("&", "en")
    return _TOKEN.findall(_THOUSANDS.sub("", folded))


@lru_cache(maxsize=100_000)
def _ngrams_of(token: str, size: int) -> tuple[str, ...]:
    marked = f"_{token}_"
    return tuple(marked[i : i + size] for i in range(max(1, len(marked) - size + 1)))


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text as it is searched for.

    Attributes:
        surface: the folded word.
        stem: its stem.
        parts: stems of the parts of a compound; empty when it is none.
    """

    surface: str
    stem: str
    parts: tuple[str, ...] = ()


class Analyser:
    """Turns Dutch text into terms and n-grams. One is enough for a process; it holds a word list of some 2 MB.

    Args:
        words: the word list.
        memory: file in which what follows from it is kept for the next run; None to work it out again.
    """

    def __init__(self, words: Path = WORDS_FILE, memory: Path | None = None) -> None:
        self._words = words
        self._memory = Memory(memory, (words, Path(__file__), Stemmer.version()))
        self._stemmer = Stemmer.Stemmer("dutch_porter", 0)
        self._term = lru_cache(maxsize=200_000)(self._make_term)

    @cached_property
    def _listed(self) -> dict[str, tuple[int, int, str]]:
        """Of each word form: how often it occurs, how often in everyday sentences, its parts of speech."""
        with gzip.open(self._words, "rt", encoding="utf-8") as lines:
            rows = (line.rstrip("\n").split("\t") for line in lines)
            return {word: (int(count), int(everyday), speech) for word, count, everyday, speech in rows}

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {word: count for word, (count, _, _) in self._listed.items()}

    @cached_property
    def _everyday(self) -> dict[str, int]:
        """How often the forms with a stem occur in everyday sentences."""
        return self._memory.recall("everyday", self._count_everyday)

    def _count_everyday(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for word, (_, everyday, _) in self._listed.items():
            if everyday:
                counts[self.stem(word)] += everyday
        return counts

    @cached_property
    def _speech_of_stems(self) -> dict[str, str]:
        """Parts of speech that the headwords with a stem have, as letters."""
        return self._memory.recall("speech", self._find_speech)

    def _find_speech(self) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        for word, (_, _, speech) in self._listed.items():
            if speech:
                found.setdefault(self.stem(word), set()).update(speech)
        return {stem: "".join(sorted(speech)) for stem, speech in found.items()}

    def speech(self, word: str) -> frozenset[str]:
        """Parts of speech (n, v, a) of a folded word or of the last part of a compound; empty when unknown."""
        listed = self._listed.get(word, (0, 0, ""))[2]
        if listed:
            return frozenset(listed)
        if self._participle_stem(word) or self._finite_stem(word) or _SEPARABLE.match(word):
            return frozenset("v")
        parts = self.split(word)
        return frozenset(self._speech_of_stems.get(self.stem(parts[-1] if parts else word), ""))

    @cached_property
    def _verb_stems(self) -> dict[str, int]:
        """Stem of each infinitive in the word list, and how often the infinitive occurs."""
        return self._memory.recall("verbs", self._find_verbs)

    def _find_verbs(self) -> dict[str, int]:
        return {self._snowball(word): count for word, count in self._counts.items() if self._may_be_verb(word)}

    def _may_be_verb(self, word: str) -> bool:
        """Whether a word in -en may be an infinitive: the dictionary says so, or has no noun it is the plural of."""
        if not word.endswith("en"):
            return False
        singular = _DOUBLED.sub(r"\1", word.removesuffix("en"))
        return "v" in self._listed[word][2] or not self._is_noun(singular)

    def _snowball(self, word: str) -> str:
        """Snowball's stem, its last consonant single and voiceless, and "individuel" for "individueel"."""
        stem = word if word.endswith(_KEEPS_ITS_S) or self._owns_its_s(word) else str(self._stemmer.stemWord(word))
        stem = re.sub(r"(?<=[iu])eel$", "el", _DOUBLED.sub(r"\1", stem))
        return stem[:-1] + {"z": "s", "v": "f"}.get(stem[-1], stem[-1]) if stem else word

    def _owns_its_s(self, word: str) -> bool:
        """Whether the s at the end belongs to the word, as its plural in the word list tells (fiets, fietsen)."""
        return word.endswith("s") and (f"{word}en" in self._listed or f"{word[:-1]}zen" in self._listed)

    def stem(self, word: str) -> str:
        """The stem of one folded word."""
        if word in _APART:
            return _APART[word]
        if word in _IRREGULAR:
            return self._snowball(_IRREGULAR[word])
        if not word.isalpha() or len(word) < 4:
            return word
        singular = self._singular(word)
        if singular != word:
            return self.stem(singular)
        return self._participle_stem(word) or self._finite_stem(word) or self._snowball(word)

    def _singular(self, word: str) -> str:
        """The singular of a plural in -s, when the word list has it."""
        singular = word[:-1]
        return singular if _PLURAL.fullmatch(word) and singular in self._counts else word

    def _is_noun(self, word: str) -> bool:
        return "n" in self._listed.get(word, (0, 0, ""))[2]

    def _participle_stem(self, word: str) -> str | None:
        """Stem of the verb of a participle ("geactiveerd", "ingevoerd"), None when the word is none or a noun."""
        match = _PARTICIPLE.fullmatch(word)
        if not match or self._is_noun(word):
            return None
        base = match["particle"] + match["base"]
        stems = {self._snowball(base), self._snowball(base + match["ending"][0])}
        known = [stem for stem in stems if stem in self._verb_stems and stem not in STOPWORDS]
        return max(known, key=lambda stem: (self._verb_stems[stem], stem), default=None)

    def _finite_stem(self, word: str) -> str | None:
        """Stem of a finite form of a verb ("loont"), None when the word may be a noun."""
        finite = re.fullmatch(r"(\w{3,}?)(?:den|ten|de|te|d|t)", word)
        if not finite or self._is_noun(word) or self._is_noun(word.removesuffix("n")):
            return None
        singular, plural = word.removesuffix("en") if word.endswith("en") else "", word + "en"
        noun = max(self._counts.get(singular, 0), self._counts.get(plural, 0))
        stem = self._snowball(finite[1])
        seen = self._verb_stems.get(stem, 0)
        certain = len(stem) >= 3 and not (finite[1].endswith("s") and not stem.endswith("s"))
        return stem if certain and seen > noun and seen * 40 > self._counts.get(word, 0) else None

    def listed(self, word: str) -> bool:
        """Whether a folded word, or each part of a compound, stands in the word list."""
        return word in self._counts or bool(self.split(word))

    def commonness(self, word: str) -> float:
        """How common a folded word is in everyday Dutch, from 0.0 (not seen) to 1.0 (one of the commonest)."""
        return min(1.0, math.log1p(self._everyday.get(self.stem(word), 0)) / math.log1p(_COMMON))

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a compound as words of the word list ("taaleis": taal, eis); empty when it is none."""
        if not word.isalpha() or len(word) < 2 * _SHORTEST_PART or word in _WHOLE:
            return ()
        if listed := _COMPOUNDS.get(self.stem(word)):
            return listed
        best = self._best_split(word, depth=3)
        return best[1] if best and len(best[1]) > 1 else ()

    def _best_split(self, word: str, depth: int) -> tuple[float, tuple[str, ...]] | None:
        """Highest geometric mean of part frequencies over all ways to cut `word` into words of the list."""
        best: tuple[float, tuple[str, ...]] | None = None
        if self._is_part(word):
            best = (float(self._part_count(word)), (word,)) if depth < 3 else None
        if depth == 0:
            return best
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            head = self._head(word[:cut])
            if head is None:
                continue
            rest = self._best_split(word[cut:], depth - 1)
            if rest is None:
                continue
            parts = (head, *rest[1])
            mean = (self._part_count(head) * rest[0] ** len(rest[1])) ** (1 / len(parts))
            if best is None or mean > best[0]:
                best = (mean, parts)
        return best

    def _is_part(self, word: str) -> bool:
        return self._part_count(word) > 0

    def _part_count(self, word: str) -> int:
        """How often a word occurs, 0 when it may not be part of a compound; a verb's stem counts as its infinitive."""
        if word in _NOT_A_HEAD or word in STOPWORDS:
            return 0
        forms = [word]
        if len(word) > 4:
            forms += [word + "en", word + "d", word.removesuffix("en"), word.removesuffix("den")]
        count = max(self._counts.get(form, _FIELD_WORDS.get(form, 0)) for form in forms)
        return count if count >= (400 if len(word) == _SHORTEST_PART else 8) else 0

    def _head(self, text: str) -> str | None:
        """The word of which `text` is the form at the front of a compound, linking letters taken off."""
        candidates = [text[: len(text) - len(link)] for link in _LINKS if text.endswith(link if link != "n" else "en")]
        if text in _PARTICLES - {"weg"}:
            return None
        known = [word for word in candidates if len(word) >= _SHORTEST_PART and self._is_part(word)]
        return max(known, key=self._part_count, default=None)

    def _make_term(self, surface: str) -> Term:
        pieces = surface.split("-")
        if len(pieces) > 1 and any(piece.isalpha() for piece in pieces):
            joined = "".join(pieces)
            parts = [part for piece in pieces if len(piece) >= 2 for part in (piece, *self.split(piece))]
            return Term(surface, self.stem(joined), tuple(self.stem(part) for part in parts))
        return Term(surface, self.stem(surface), tuple(self.stem(part) for part in self.split(surface)))

    def terms(self, text: str) -> list[Term]:
        """Every word of the text in order, with stem and compound parts."""
        return [self._term(token) for token in tokens(text)]

    def ngrams(self, text: str, size: int = 4) -> list[str]:
        """Character n-grams of each word with its edges marked ("_taa", "taal", "aal_"); short words whole."""
        return [gram for token in tokens(text) for gram in _ngrams_of(token, size)]
