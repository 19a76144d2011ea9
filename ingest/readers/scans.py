"""Pictures of pages, made ready for text recognition: opened with care, evenly lit, upright, large enough."""

from __future__ import annotations

import io
import itertools
import struct
import warnings
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps, ImageSequence

from vectorstore.errors import UnreadableFile

RESOLUTION = 300
"""Dots per inch of a page without a resolution of its own; more makes the recognition slower, not better."""

COARSEST = 200
"""Dots per inch that suffice; at 150 the recognition begins to err."""

MOST_PIXELS = 90_000_000
"""Pixels of a picture: an A3 at 600 dots per inch has 70 million."""

_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_MOST_PAGES = 500
_PAPER = (8.27, 11.69)
"""Width and height of an A4 in inches, the paper a picture is taken to be of."""

_LARGEST_STEP = 2.5
"""How many times a picture of few pixels is enlarged at most."""

_INK = 60
"""Difference between paper and ink, of 255, that can be seen."""

_FAINT = 40
"""How light ink is, of 255, before it is faint."""

_INK_SHARE = 0.2
"""Per cent of a page: what is darker than all but so much of it is ink; ten short lines cover as much."""

_SPECK = 25
"""How much darker than all around it a single pixel is, of 255, that is dust or noise."""

_SPECKLED = 0.001
"""Share of such pixels on a page; print of any kind has a third of it at most, noise three times as much."""

_COARSE = np.arange(-6.0, 6.1, 0.5)
_FINE = np.arange(-0.4, 0.41, 0.1)
"""Degrees that a page in a scanner may be turned, and the smaller steps around the best of them."""

_STRAIGHT = 0.25
"""Degrees within which the lines of a page count as level."""

Picture = Image.Image


def pages_in(data: bytes) -> Iterator[Picture]:
    """The pages of an image file in grey, one after the other; of a moving picture only the first.

    Raises:
        UnreadableFile: it is broken, or larger than a scan of a page can be.
    """
    try:
        frames = _frames(data)
        while (frame := _quietly_next(frames)) is not None:
            yield frame
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise UnreadableFile(
            "Deze afbeelding is beschadigd.", "Open het bestand zelf en bewaar het opnieuw, of scan de brief opnieuw."
        ) from error


def _frames(data: bytes) -> Iterator[Picture]:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as file:
        most = _MOST_PAGES if file.format == "TIFF" else 1
        for frame in itertools.islice(ImageSequence.Iterator(file), most):
            yield _grey(frame)


def _quietly_next(frames: Iterator[Picture]) -> Picture | None:
    """The next picture; what Pillow warns of (odd metadata, many pixels) is no reason to stop or checked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return next(frames, None)


def _grey(frame: Picture) -> Picture:
    """A picture in shades of grey, as it should be looked at, on white where it is see-through, not needlessly large."""
    if frame.width * frame.height > MOST_PIXELS:
        raise _too_large()
    upright = ImageOps.exif_transpose(frame)
    if upright.mode.startswith("I"):
        grey = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif upright.has_transparency_data:
        seen = upright.convert("RGBA")
        grey = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("L")
    else:
        grey = upright.convert("L")
    return _scaled(grey, RESOLUTION) if _resolution(grey) > 1.2 * RESOLUTION else grey


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        "Deze afbeelding is te groot om te lezen.", "Scan de brief opnieuw met 300 dpi, of bewaar de scan kleiner."
    )


def prepared(picture: Picture) -> Picture:
    """A grey picture of a page as the recognition reads it best: evenly lit, clean, level and large enough."""
    lit = _evenly_lit(picture)
    if _resolution(picture) > 0.9 * COARSEST:
        return _level(_inked(_without_specks(lit)))
    return _level(_scaled(_inked(lit), RESOLUTION))


def has_ink(page: Picture) -> bool:
    """Whether anything can be seen on a page that was made ready."""
    darkest, lightest = page.getextrema()
    return isinstance(darkest, int) and isinstance(lightest, int) and lightest - darkest > _INK


def _resolution(picture: Picture) -> float:
    """Dots per inch of a picture that is taken to fill its paper in one direction."""
    shorter, longer = sorted(picture.size)
    return max(shorter / _PAPER[0], longer / _PAPER[1])


def _scaled(picture: Picture, resolution: int) -> Picture:
    step = min(resolution / _resolution(picture), _LARGEST_STEP)
    size = (max(1, round(picture.width * step)), max(1, round(picture.height * step)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _evenly_lit(picture: Picture) -> Picture:
    """A picture divided by the paper in it, so that shadows and stained paper become white."""
    small = picture.reduce(4)
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.BoxBlur(12))
    light = np.maximum(np.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=np.float32), 40)
    grey = np.asarray(picture, dtype=np.float32) * (255 / light)
    return Image.fromarray(np.minimum(grey, 255).astype(np.uint8))


def _without_specks(picture: Picture) -> Picture:
    """A picture without dust and noise if it has much of it; strokes of a single pixel would look the same."""
    around = np.asarray(picture.filter(ImageFilter.RankFilter(3, 1)), dtype=np.int16)
    specks = np.asarray(picture, dtype=np.int16) < around - _SPECK
    return picture.filter(ImageFilter.MedianFilter(3)) if specks.mean() > _SPECKLED else picture


def _inked(picture: Picture) -> Picture:
    """A picture whose ink is black, if it was faint; of faint lines the recognition leaves out the longer ones."""
    darkest = int(np.percentile(np.asarray(picture), _INK_SHARE))
    if not _FAINT < darkest < 255 - _INK:
        return picture
    return picture.point(lambda value: max(0, value - darkest) * 255 // (255 - darkest))


def _level(picture: Picture) -> Picture:
    angle = _slant(picture)
    if abs(angle) < _STRAIGHT:
        return picture
    return picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)


def _slant(picture: Picture) -> float:
    """Degrees by which to turn a picture back: there its rows differ most in how much ink they hold."""
    height = max(1, round(picture.height * 800 / picture.width))
    small = picture.resize((800, min(height, 2000)), Image.Resampling.BILINEAR)
    ink = small.point(lambda value: 255 if value < 160 else 0)
    best = max(_COARSE, key=lambda angle: _contrast(ink, angle))
    return float(max(best + _FINE, key=lambda angle: _contrast(ink, angle)))


def _contrast(ink: Picture, angle: float) -> float:
    rows: npt.NDArray[np.float32] = np.asarray(ink.rotate(angle), dtype=np.float32).sum(axis=1)
    return float((np.diff(rows) ** 2).sum())
