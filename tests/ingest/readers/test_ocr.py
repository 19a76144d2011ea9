"""Text recognition: what a scanner may do to a page, what is no text, and what cannot be read."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from rapidfuzz.distance import Levenshtein

from ingest.readers.ocr import tesseract as ocr
from ingest.readers.ocr.tesseract import read_image
from ingest.readers.registry import read_file
from tests.ingest.scanned import LINES, drawn, needs_tesseract, saved
from vectorstore.errors import UnreadableFile

TEXT = " ".join(filter(None, LINES))
Picture = Image.Image


@pytest.fixture(autouse=True)
def _tesseract() -> None:
    needs_tesseract()


def words(data: bytes) -> str:
    return " ".join(block.text for block in read_image(data))


def error_rate(found: str, expected: str = TEXT) -> float:
    return Levenshtein.distance(found, expected) / len(expected)


def noisy(picture: Picture) -> Picture:
    grey = np.asarray(picture) * 0.9 + np.random.default_rng(1).normal(10, 18, (picture.height, picture.width))
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def dusty(picture: Picture) -> Picture:
    chance = np.random.default_rng(1).random((picture.height, picture.width))
    return Image.fromarray(np.where(chance < 0.004, 0, np.asarray(picture)).astype(np.uint8))


def shaded(picture: Picture) -> Picture:
    return Image.fromarray((np.asarray(picture) * np.linspace(1, 0.45, picture.width)).astype(np.uint8))


SEEN: dict[str, Callable[[Picture], Picture]] = {
    "clean": lambda picture: picture,
    "turned a little": lambda picture: picture.rotate(1.5, fillcolor=255, resample=Image.Resampling.BICUBIC),
    "turned more": lambda picture: picture.rotate(-3, fillcolor=255, resample=Image.Resampling.BICUBIC),
    "on its side": lambda picture: picture.rotate(90, expand=True),
    "upside down": lambda picture: picture.rotate(180),
    "noise": noisy,
    "dust": dusty,
    "shadow": shaded,
    "faint": lambda picture: picture.point(lambda value: 170 + value * 80 // 255),
    "black and white": lambda picture: picture.convert("1", dither=Image.Dither.NONE),
    "see-through": lambda picture: Image.merge("LA", (Image.new("L", picture.size), picture.point(lambda v: 255 - v))),
    "few pixels": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
}


@pytest.mark.parametrize("seen", SEEN)
def test_a_letter_is_read_however_it_was_scanned(seen: str) -> None:
    assert error_rate(words(saved(SEEN[seen](drawn())))) < 0.02


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"])
def test_every_kind_of_image(kind: str) -> None:
    assert error_rate(words(saved(drawn(), kind))) < 0.02


def test_the_camera_says_how_it_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert error_rate(words(saved(drawn().rotate(90, expand=True), "JPEG", exif=exif))) < 0.02


def test_the_pages_of_a_tiff_are_those_of_the_letter() -> None:
    overleaf = drawn(["Op de tweede bladzijde staat ons tweede advies aan de gemeente."])
    blocks = read_image(saved(drawn(), "TIFF", save_all=True, append_images=[drawn([]), overleaf]))
    assert {block.page for block in blocks} == {1, 3}
    assert blocks[-1].text == "Op de tweede bladzijde staat ons tweede advies aan de gemeente."


def test_lines_become_paragraphs_and_facts_keep_a_line_of_their_own() -> None:
    blocks = [block.text for block in read_image(saved(drawn()))]
    assert blocks[2:] == [
        "Datum: 30 januari 2020",
        "Ons kenmerk: CRV 2020-01",
        LINES[7],
        " ".join(LINES[9:12]),
        LINES[13],
    ]


def test_confidence_is_kept_and_a_bad_scan_has_less_of_it() -> None:
    clear = {block.confidence for block in read_image(saved(drawn()))}
    coarse = drawn(resolution=48).resize(drawn().size)
    unclear = {block.confidence for block in read_image(saved(coarse))}
    assert len(clear) == len(unclear) == 1
    assert 0 <= min(unclear) < 0.8 < min(clear) <= 1


def test_a_stain_is_no_text() -> None:
    picture = drawn()
    pen = ImageDraw.Draw(picture)
    for i in range(40):
        left, top = 1200 + 7 * i % 90, 1500 + 11 * i % 130
        pen.ellipse((left, top, left + 30 + i, top + 70 - i), outline=90, width=3)
    pen.line((1640, 0, 1640, 2300), fill=0, width=8)
    assert error_rate(words(saved(picture))) < 0.02


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png(side: int) -> bytes:
    """A PNG of a few hundred kilobytes at most that unpacks to side × side pixels."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (side // 8 + 1) * 100) for _ in range(side // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BAD = {
    "cut off.png": saved(drawn())[:9000],
    "cut off.jpg": saved(drawn(), "JPEG")[:9000],
    "cut off.tif": saved(drawn(), "TIFF")[:9000],
    "one pixel.png": saved(Image.new("L", (1, 1))),
    "one line.png": saved(Image.new("L", (5000, 1), 255)),
    "white.png": saved(drawn([])),
    "black.png": saved(Image.new("L", (800, 1000))),
    "huge.png": huge_png(30_000),
    "nothing.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(name, BAD[name])
    assert refused.value.problem
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("name", "word"), [("huge.png", "groot"), ("cut off.jpg", "beschadigd"), ("white.png", "herkend")]
)
def test_each_kind_of_bad_image_is_named(name: str, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        read_image(BAD[name])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged_images_are_read_or_refused_never_anything_else(data: st.DataObject) -> None:
    small = drawn(LINES[:1]).crop((0, 0, 900, 200))
    whole = bytearray(saved(small, data.draw(st.sampled_from(["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_image(bytes(whole))
    except UnreadableFile:
        pass


class TestWithoutTesseract:
    def test_the_remedy_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr.tesseract, "tesseract_cmd", "there-is-no-such-program")
        with pytest.raises(UnreadableFile) as refused:
            read_image(saved(drawn()))
        assert "tesseract-ocr-nld" in refused.value.remedy

    def test_without_dutch_the_remedy_is_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "LANGUAGE", "nld_missing")
        with pytest.raises(UnreadableFile) as refused:
            read_image(saved(drawn()))
        assert "tesseract-ocr-nld" in refused.value.remedy

    def test_a_page_that_takes_too_long_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "SECONDS", 0.05)
        with pytest.raises(UnreadableFile) as refused:
            read_image(saved(drawn()))
        assert "seconden" in refused.value.problem


def test_one_pixel_more_than_the_most_is_refused() -> None:
    buffer = io.BytesIO(huge_png(9_600))
    with pytest.raises(UnreadableFile, match="groot"):
        read_image(buffer.getvalue())
