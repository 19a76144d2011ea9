"""Dutch text analysis: folding, tokens, stems, compound parts and character n-grams.

Stems come from Snowball's `dutch_porter` (its 2025 `dutch` splits the families of this field: advies/adviezen), mended
by a list of irregular forms and by rules for verbs that need a word list to be safe. Compounds are split by corpus
frequency (Koehn & Knight, "Empirical Methods for Compound Splitting", EACL 2003).
"""

from __future__ import annotations

import gzip
import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

import Stemmer

from vectorstore.analysis.table_cache import Memory

VERSION = "dutch-3"
"""Changes whenever the same text would give other terms, so that an archive records how it was analysed."""

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
"""Function words of Dutch, folded; they are no evidence by themselves."""

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
"""Function words of English, likewise."""

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
"""Stems of words that would otherwise be conflated with another: weten and wet, leges and lege, overheid and over."""

_KEEPS_ITS_S = ("grens", "kans", "wens", "balans", "fonds", "prijs", "eis", "huis", "bewijs", "crisis", "basis", "mens")
"""Endings whose s belongs to the word, so that inkomensgrens and inkomensgrenzen share a stem."""

_FIELD_WORDS = {"minima": 500, "wajong": 100, "mantel": 100, "minimabeleid": 50, "coach": 50, "langdurigheid": 50}
"""Parts of compounds that statutes hardly use, with the count they are given."""

_NOT_A_HEAD = frozenset(
    """
    heid heden lijk lijke ing ingen aar ers erd elijk baar tie ties iteit aal ale age sel schap zaam loos ster ist isme
    ding eren haven ren ten den gen ven ver ent ant eer ier oor ste sten ting ering ige ische atie aties teer teren
    mees ter burg naren ellen oeren kering bes luit uitv verz besl wetg berek verle aanbi aangev herst best
    """.split()
)
"""Word endings that also occur in word lists but are never the part of a compound."""

_WHOLE = frozenset(
    """
    handhaven handhaving besteding ouderen aanbesteding omstandigheden vergaderen bestanden maatregel maatregelen
    planeet
    """.split()
)
"""Words that look like compounds of frequent words but are not."""

_COMPOUNDS = {
    "tegenprestatie": ("prestatie",),
    "eenoudergezin": ("ouder", "gezin"),
    "witgoedregel": ("witgoed", "regeling"),
    "terugvorder": ("vordering",),
    "gehandicaptenparkeerkaart": ("gehandicapte", "parkeerkaart"),
}
"""Stems of compounds whose parts are particles, function words or unlisted words, with the parts worth searching for.
"""

_COMMON = 60
"""Count in the everyday sentences of the word list at which a word is as common as content words get."""

_PARTICLES = frozenset("aan af bij dicht door in mee na om op over terug toe uit vast voor weg".split())
"""Particles that make verbs ("uitvoeren") and their derivations ("uitvoering"), not compounds; *weg* may also be a
road."""

_SEPARABLE = re.compile(rf"^(?:{'|'.join(sorted(_PARTICLES))})ge\w{{3,}}(?:d|t|en)$")
"""Participles of verbs with a separable particle ("ingericht")."""

_PARTICIPLE = re.compile(rf"(?P<particle>|{'|'.join(sorted(_PARTICLES))})ge(?P<base>\w{{3,}}?)(?P<ending>d|t|de|te)")

_PLURAL = re.compile(r"\w{3,}(?:e|en|[aiouy])s")
"""Plurals in -s that Snowball leaves as they are ("sancties", "inkomens")."""

_DOUBLED = re.compile(r"(?<=\w\w)([bdfgklmnprst])\1$")

_LINKS = ("", "s", "e", "en", "n")
_LONGEST_COMPOUND = 80
"""Number of letters beyond which a word is no compound but dirt, which takes ever longer to split."""

_SHORTEST_PART = 3

_POSSESSIVE = re.compile(r"(?<=\w)['\u2019]s\b")


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, compatibility forms written out, curly quotes straightened."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return _NOT_ASCII.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], decomposed).casefold()


def tokens(text: str) -> list[str]:
    """Return the folded words and numbers in order; "9.527" gives 9527, "re-integratie" stays one token with its
    hyphen."""
    return split_words(fold(text))


def split_words(folded: str) -> list[str]:
    """Return the words and numbers of a text that is folded already, as `tokens` does of any text."""
    return _TOKEN.findall(_THOUSANDS.sub("", _POSSESSIVE.sub("", folded).replace("&", "en")))


@lru_cache(maxsize=10_000)
def _ngrams_of(token: str, size: int) -> tuple[str, ...]:
    marked = f"_{token}_"
    return tuple(marked[i : i + size] for i in range(max(1, len(marked) - size + 1)))


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text as it is searched for.

    Attributes:
        surface: the folded word.
        stem: its stem.
        parts: stems of the parts if the word is a compound, else empty.
    """

    surface: str
    stem: str
    parts: tuple[str, ...] = ()


class ThreadStemmer(threading.local):
    """A Snowball stemmer for each thread, as one of its objects may not be used by two at once.

    Args:
        algorithm: of Snowball.
        cached: words that it remembers.
    """

    def __init__(self, algorithm: str, cached: int = 0) -> None:
        stemmer = Stemmer.Stemmer(algorithm, cached)
        self.stem: Callable[[str], str] = stemmer.stemWord


class Analyser:
    """The analyser that turns Dutch text into terms and n-grams, for any number of threads at once. One per process is
    enough; its word list takes some 2 MB.

    Args:
        words: the word list.
        memory: file that caches the tables derived from the word list for the next run; None to compute them again.
    """

    def __init__(self, words: Path = WORDS_FILE, memory: Path | None = None) -> None:
        self._words = words
        self._memory = Memory(memory, (words, Path(__file__), Stemmer.version()))
        self._stemmer = ThreadStemmer("dutch_porter")
        self._term = lru_cache(maxsize=50_000)(self._make_term)

    @cached_property
    def _entries(self) -> dict[str, tuple[int, int, str]]:
        """Return for each word form its count, its count in everyday sentences, and its parts of speech."""
        with gzip.open(self._words, "rt", encoding="utf-8") as lines:
            rows = (line.rstrip("\n").split("\t") for line in lines)
            return {word: (int(count), int(everyday), speech) for word, count, everyday, speech in rows}

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {word: count for word, (count, _, _) in self._entries.items()}

    @cached_property
    def _everyday(self) -> dict[str, int]:
        """Return for each stem how often its forms occur in everyday sentences."""
        return self._memory.recall("everyday", self._count_everyday)

    def _count_everyday(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for word, (_, everyday, _) in self._entries.items():
            if everyday:
                counts[self.stem(word)] += everyday
        return counts

    @cached_property
    def _speech_of_stems(self) -> dict[str, str]:
        """Return for each stem the parts of speech of the headwords with that stem, as letters."""
        return self._memory.recall("speech", self._find_speech)

    def _find_speech(self) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        for word, (_, _, speech) in self._entries.items():
            if speech:
                found.setdefault(self.stem(word), set()).update(speech)
        return {stem: "".join(sorted(speech)) for stem, speech in found.items()}

    def speech(self, word: str) -> frozenset[str]:
        """Return the parts of speech (n, v, a) of a folded word or of the last part of a compound; empty if unknown."""
        listed = self._entries.get(word, (0, 0, ""))[2]
        if listed:
            return frozenset(listed)
        if self._participle_stem(word) or self._finite_stem(word) or _SEPARABLE.match(word):
            return frozenset("v")
        parts = self.split(word)
        return frozenset(self._speech_of_stems.get(self.stem(parts[-1] if parts else word), ""))

    @cached_property
    def _verb_stems(self) -> dict[str, int]:
        """Return the stem of each infinitive in the word list, with the count of the infinitive."""
        return self._memory.recall("verbs", self._find_verbs)

    def _find_verbs(self) -> dict[str, int]:
        return {self._snowball(word): count for word, count in self._counts.items() if self._may_be_verb(word)}

    def _may_be_verb(self, word: str) -> bool:
        """Check whether a word in -en may be an infinitive: listed as a verb, or not the plural of a listed noun."""
        if not word.endswith("en"):
            return False
        singular = _DOUBLED.sub(r"\1", word.removesuffix("en"))
        return "v" in self._entries[word][2] or not self._is_noun(singular)

    def _snowball(self, word: str) -> str:
        """Return Snowball's stem, its last consonant single and voiceless, with "individuel" for "individueel"."""
        stem = word if word.endswith(_KEEPS_ITS_S) or self._owns_its_s(word) else self._stemmer.stem(word)
        stem = re.sub(r"(?<=[iu])eel$", "el", _DOUBLED.sub(r"\1", stem))
        return stem[:-1] + {"z": "s", "v": "f"}.get(stem[-1], stem[-1]) if stem else word

    def _owns_its_s(self, word: str) -> bool:
        """Check whether a final s belongs to the word, judging by its plural in the word list (fiets, fietsen)."""
        return word.endswith("s") and (f"{word}en" in self._entries or f"{word[:-1]}zen" in self._entries)

    def stem(self, word: str) -> str:
        """Return the stem of one folded word."""
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
        """Return the singular of a plural in -s if the word list has it, else the word itself."""
        singular = word[:-1]
        return singular if _PLURAL.fullmatch(word) and singular in self._counts else word

    def _is_noun(self, word: str) -> bool:
        return "n" in self._entries.get(word, (0, 0, ""))[2]

    def _participle_stem(self, word: str) -> str | None:
        """Return the stem of a participle's verb ("geactiveerd", "ingevoerd"), or None if it is a noun or no
        participle."""
        match = _PARTICIPLE.fullmatch(word)
        if not match or self._is_noun(word):
            return None
        base = match["particle"] + match["base"]
        stems = {self._snowball(base), self._snowball(base + match["ending"][0])}
        known = [stem for stem in stems if stem in self._verb_stems and stem not in STOPWORDS]
        return max(known, key=lambda stem: (self._verb_stems[stem], stem), default=None)

    def _finite_stem(self, word: str) -> str | None:
        """Return the stem of a finite verb form ("loont"), or None if the word may be a noun."""
        finite = re.fullmatch(r"(\w{3,}?)(?:den|ten|de|te|d|t)", word)
        if not finite or self._is_noun(word) or self._is_noun(word.removesuffix("n")):
            return None
        singular, plural = word.removesuffix("en") if word.endswith("en") else "", word + "en"
        noun = max(self._counts.get(singular, 0), self._counts.get(plural, 0))
        stem = self._snowball(finite[1])
        seen = self._verb_stems.get(stem, 0)
        certain = len(stem) >= 3 and not (finite[1].endswith("s") and not stem.endswith("s"))
        return stem if certain and seen > noun and seen * 40 > self._counts.get(word, 0) else None

    def is_listed(self, word: str) -> bool:
        """Check whether a folded word, or each part of a compound, is in the word list."""
        return word in self._counts or bool(self.split(word))

    def commonness(self, word: str) -> float:
        """Return how common a folded word is in everyday Dutch, from 0.0 (not seen) to 1.0 (one of the commonest)."""
        return min(1.0, math.log1p(self._everyday.get(self.stem(word), 0)) / math.log1p(_COMMON))

    def split(self, word: str) -> tuple[str, ...]:
        """Split a compound into words of the word list ("taaleis": taal, eis); return () if it is no compound."""
        if not word.isalpha() or not 2 * _SHORTEST_PART <= len(word) <= _LONGEST_COMPOUND or word in _WHOLE:
            return ()
        if listed := _COMPOUNDS.get(self.stem(word)):
            return listed
        best = self._best_split(word, depth=3)
        return best[1] if best and len(best[1]) > 1 else ()

    def _best_split(self, word: str, depth: int) -> tuple[float, tuple[str, ...]] | None:
        """Find the split of `word` into listed words with the highest geometric mean of part frequencies."""
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
        """Return the count of a word as part of a compound, 0 if it cannot be one; a verb stem counts as its
        infinitive."""
        if word in _NOT_A_HEAD or word in STOPWORDS:
            return 0
        forms = [word]
        if len(word) > 4:
            forms += [word + "en", word + "d", word.removesuffix("en"), word.removesuffix("den")]
        count = max(self._counts.get(form, _FIELD_WORDS.get(form, 0)) for form in forms)
        return count if count >= (400 if len(word) == _SHORTEST_PART else 8) else 0

    def _head(self, text: str) -> str | None:
        """Return the word that `text` is a form of at the front of a compound, with the linking letters removed."""
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
        """Return every word of the text in order, with stem and compound parts."""
        return [self._term(token) for token in tokens(text)]

    def ngrams(self, words: Iterable[str], size: int = 4) -> list[str]:
        """Return the n-grams of each folded word with its edges marked ("_taa", "taal", "aal_"), short words whole."""
        return [gram for token in words for gram in _ngrams_of(token, size)]
