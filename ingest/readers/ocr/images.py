"""Pictures of pages, prepared for text recognition: opened with care, evenly lit, upright, large enough."""

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
"""Largest number of pixels of a picture: an A3 at 600 dots per inch has 70 million."""

_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_MOST_PAGES = 500
_PAPER = (8.27, 11.69)
"""Width and height of an A4 in inches, the paper a picture is assumed to show."""

_LARGEST_STEP = 2.5
"""Largest factor by which a picture of few pixels is enlarged."""

_INK = 60
"""Smallest visible difference between paper and ink, of 255."""

_FAINT = 40
"""Lightness, of 255, above which ink is faint."""

_INK_SHARE = 0.2
"""Percentage of a page taken as ink, the darkest pixels; ten short lines cover as much."""

_SPECK = 25
"""How much darker than all its neighbours, of 255, a single pixel of dust or noise is."""

_SPECKLED = 0.001
"""Share of such pixels on a noisy page; print of any kind has at most a third of it, noise three times as much."""

_COARSE = np.arange(-6.0, 6.1, 0.5)
_FINE = np.arange(-0.4, 0.41, 0.1)
"""Degrees by which a page in a scanner may be rotated, and the smaller steps around the best of them."""

_STRAIGHT = 0.25
"""Degrees within which the lines of a page count as level."""

Picture = Image.Image


def pages_in(data: bytes) -> Iterator[Picture]:
    """Yield the pages of an image file in grey, one after the other; of an animation only the first frame.

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
            yield _to_grey(frame)


def _quietly_next(frames: Iterator[Picture]) -> Picture | None:
    """Return the next picture, ignoring Pillow's warnings (odd metadata, many pixels), which are harmless or checked
    here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return next(frames, None)


def _to_grey(frame: Picture) -> Picture:
    """Return a picture in grey, rotated as intended, transparency on white, not needlessly large."""
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
    return _scale(grey, RESOLUTION) if _resolution(grey) > 1.2 * RESOLUTION else grey


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        "Deze afbeelding is te groot om te lezen.", "Scan de brief opnieuw met 300 dpi, of bewaar de scan kleiner."
    )


def prepare(picture: Picture) -> Picture:
    """Return a grey picture of a page as the recognition reads it best: evenly lit, clean, level and large enough."""
    lit = _even_light(picture)
    if _resolution(picture) > 0.9 * COARSEST:
        return _level(_darken_ink(_remove_specks(lit)))
    return _level(_scale(_darken_ink(lit), RESOLUTION))


def has_ink(page: Picture) -> bool:
    """Check whether anything is visible on a prepared page."""
    darkest, lightest = page.getextrema()
    return isinstance(darkest, int) and isinstance(lightest, int) and lightest - darkest > _INK


def _resolution(picture: Picture) -> float:
    """Return the dots per inch of a picture, assuming it fills its paper in one direction."""
    shorter, longer = sorted(picture.size)
    return max(shorter / _PAPER[0], longer / _PAPER[1])


def _scale(picture: Picture, resolution: int) -> Picture:
    step = min(resolution / _resolution(picture), _LARGEST_STEP)
    size = (max(1, round(picture.width * step)), max(1, round(picture.height * step)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _even_light(picture: Picture) -> Picture:
    """Divide a picture by its paper background, so that shadows and stained paper become white."""
    small = picture.reduce(4)
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.BoxBlur(12))
    light = np.maximum(np.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=np.float32), 40)
    grey = np.asarray(picture, dtype=np.float32) * (255 / light)
    return Image.fromarray(np.minimum(grey, 255).astype(np.uint8))


def _remove_specks(picture: Picture) -> Picture:
    """Remove dust and noise if there is much of it; strokes of a single pixel would look the same."""
    around = np.asarray(picture.filter(ImageFilter.RankFilter(3, 1)), dtype=np.int16)
    specks = np.asarray(picture, dtype=np.int16) < around - _SPECK
    return picture.filter(ImageFilter.MedianFilter(3)) if specks.mean() > _SPECKLED else picture


def _darken_ink(picture: Picture) -> Picture:
    """Blacken the ink of a picture if it is faint; the recognition drops the longer of faint lines."""
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
    """Return the degrees by which to rotate a picture back, at which its rows differ most in ink."""
    height = max(1, round(picture.height * 800 / picture.width))
    small = picture.resize((800, min(height, 2000)), Image.Resampling.BILINEAR)
    ink = small.point(lambda value: 255 if value < 160 else 0)
    best = max(_COARSE, key=lambda angle: _contrast(ink, angle))
    return float(max(best + _FINE, key=lambda angle: _contrast(ink, angle)))


def _contrast(ink: Picture, angle: float) -> float:
    rows: npt.NDArray[np.float32] = np.asarray(ink.rotate(angle), dtype=np.float32).sum(axis=1)
    return float((np.diff(rows) ** 2).sum())
