"""The pages of a PDF that are scans: finding them, and rendering them for recognition."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from ingest.readers.ocr.images import COARSEST, RESOLUTION, Picture
from ingest.readers.ocr.tesseract import CORES, Recognised, recognise
from vectorstore.errors import UnreadableFile

LEAST_LETTERS = 25
"""A page with fewer letters than this counts as having no text."""

_STAMPED = 200
"""Number of letters up to which a text layer may be only the stamp, header or footer that a document system added."""

_PICTURE, _WHOLE_PAGE = 0.25, 0.6
"""Share of a page that pictures cover if they may hold text, and if the page is a scan."""

_DRAWN = 300
"""Number of lines and curves on a page whose letters are drawn instead of written."""

_MOST_OBJECTS = 2000
"""Number of objects on a page that are examined."""

_LEAST_VOWELS = 0.2
"""Smallest share of vowels among the letters of a Dutch text, where it is normally 0.38."""

_STRANGE = 0.2
"""Share of non-text signs above which a text layer is useless."""

_MOST_PIXELS = 16_000_000
_POINTS = 72
_LETTER = re.compile(r"[^\W\d_]")


def letters_in(text: str) -> int:
    """Return the number of letters in a text."""
    return len(_LETTER.findall(text))


def recognise_pages(
    document: pypdfium2.PdfDocument, texts: Sequence[str], cores: int = CORES
) -> Mapping[int, Recognised]:
    """Return the recognised text of pages that need it and where it is better than their text layer, by index.

    Args:
        document: an open PDF.
        texts: text layer of each page.
        cores: number of pages to recognise at the same time.

    Raises:
        UnreadableFile: a page needs it and recognition fails; half a letter would be worse than none.
    """
    scans = [number for number, text in enumerate(texts) if _is_scan(document, number, text)]
    try:
        found = dict(zip(scans, recognise((_draw(document, number) for number in scans), cores), strict=True))
    except UnreadableFile as error:
        raise UnreadableFile(f"{_name_pages(scans)} {error.problem}", error.remedy) from error
    return {number: page for number, page in found.items() if page.text and _is_better(page.text, texts[number])}


def _name_pages(scans: Sequence[int]) -> str:
    """Return the sentence that tells which pages are scans."""
    shown = [str(number + 1) for number in scans[:5]] + ["…"] * (len(scans) > 5)
    if len(shown) == 1:
        return f"Bladzijde {shown[0]} van deze PDF is een scan."
    return f"Bladzijde {', '.join(shown[:-1])} en {shown[-1]} van deze PDF zijn een scan."


def _is_scan(document: pypdfium2.PdfDocument, number: int, text: str) -> bool:
    """Check whether a page shows text that its text layer does not hold."""
    letters = letters_in(text)
    if letters >= LEAST_LETTERS and is_garbage(text):
        return True
    if letters >= _STAMPED:
        return False
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return False
    try:
        covered, drawn = _seen_on(page)
    finally:
        page.close()
    return covered >= (_PICTURE if letters < LEAST_LETTERS else _WHOLE_PAGE) or (letters == 0 and drawn >= _DRAWN)


def _is_better(recognised: str, text: str) -> bool:
    return is_garbage(text) or letters_in(recognised) > letters_in(text)


def is_garbage(text: str) -> bool:
    """Check whether a text layer is useless: meaningless signs, or letters other than those displayed."""
    signs = [sign for sign in text if not sign.isspace()]
    strange = sum(sign == "\ufffd" or unicodedata.category(sign) in ("Co", "Cn", "Cc") for sign in signs)
    if strange > _STRANGE * len(signs):
        return True
    plain = re.findall(r"[a-z]", unicodedata.normalize("NFD", text.casefold()))
    if len(plain) < max(LEAST_LETTERS, 0.5 * letters_in(text)):
        return False
    return sum(letter in "aeiouy" for letter in plain) < _LEAST_VOWELS * len(plain)


def _seen_on(page: pypdfium2.PdfPage) -> tuple[float, int]:
    """Return the share of a page that pictures cover, and the number of lines and curves on it."""
    area = page.get_width() * page.get_height() or 1.0
    covered, drawn = 0.0, 0
    for item in _objects_on(page):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom) / area
        else:
            drawn += 1
    return covered, drawn


def _objects_on(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfObject]:
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH)
    return itertools.islice(page.get_objects(filter=kinds, max_depth=4), _MOST_OBJECTS)


def _draw(document: pypdfium2.PdfDocument, number: int) -> Picture:
    """Render a page as a grey picture, at the resolution of the scan in it."""
    page = document[number]
    try:
        width, height = page.get_size()
        resolution = min(max(_resolution_of(page), COARSEST), RESOLUTION)
        scale = min(resolution / _POINTS, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
        scale = min(scale, _MOST_PIXELS / 1000 / max(width, height, 1.0))
        picture: Picture = page.render(scale=scale, grayscale=True).to_pil()
        return picture.convert("L")
    except pypdfium2.PdfiumError:
        return Image.new("L", (1, 1), 255)
    finally:
        page.close()


def _resolution_of(page: pypdfium2.PdfPage) -> float:
    """Return the dots per inch of the largest picture on a page; without one, a resolution at which all is legible."""
    found = [(0, float(RESOLUTION))]
    for item in _objects_on(page):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            wide, high = item.get_px_size()
            inches = math.sqrt(max((right - left) * (top - bottom), 1.0)) / _POINTS
            found.append((wide * high, math.sqrt(wide * high) / inches))
    return max(found)[1]
