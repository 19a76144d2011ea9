"""Scanned PDFs: page by page, what has text keeps it and what is a picture is recognised."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from ingest.readers.document import Block
from ingest.readers.ocr import tesseract as ocr
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.pdf.scans import is_garbage
from tests.ingest.documents import converted, pdf
from tests.ingest.scanned import LINES, drawn, needs_tesseract, rasterised, saved
from vectorstore.errors import UnreadableFile

TEXT = " ".join(filter(None, LINES))
OVERLEAF = "Op de tweede bladzijde staat wat wij u nog meer willen vragen over de premie."


def joined(*parts: bytes) -> bytes:
    """One PDF with the pages of several."""
    whole, buffer = pypdfium2.PdfDocument.new(), io.BytesIO()
    for part in parts:
        source = pypdfium2.PdfDocument(part)
        whole.import_pages(source)
        source.close()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()


def scan(picture: Image.Image | None = None) -> bytes:
    return saved(picture or drawn(), "PDF", resolution=200)


def text_of(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks)


def blank(*, width: int = 595, height: int = 842, pages: int = 1) -> bytes:
    document, buffer = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(width, height).close()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


class TestScans:
    @pytest.fixture(autouse=True)
    def _tesseract(self) -> None:
        needs_tesseract()

    def test_a_scan_is_a_letter(self) -> None:
        found = text_of(read_pdf(scan()))
        assert Levenshtein.distance(found, TEXT) < 0.02 * len(TEXT)

    def test_only_the_scanned_page_is_recognised(self) -> None:
        blocks = read_pdf(joined(pdf([LINES]), scan(drawn([OVERLEAF]))))
        assert [(block.text, block.page) for block in blocks][-1] == (OVERLEAF, 2)
        assert [block.confidence is None for block in blocks] == [True] * (len(blocks) - 1) + [False]

    def test_a_blank_page_stays_blank(self) -> None:
        blocks = read_pdf(joined(scan(), blank(), scan(drawn([OVERLEAF]))))
        assert {block.page for block in blocks} == {1, 3}

    def test_a_stamp_on_a_scan_is_not_its_text(self) -> None:
        stamped = pypdfium2.PdfDocument(scan())
        stamp = pypdfium2.PdfDocument(pdf([["Ontvangen door de gemeente op 12 maart 2020, zaak 2020-1234"]]))
        page = stamped[0]
        overlay = stamp.page_as_xobject(0, stamped).as_pageobject()
        page.insert_obj(overlay)
        page.gen_content()
        buffer = io.BytesIO()
        stamped.save(buffer)
        page.close()
        stamp.close()
        stamped.close()
        assert "werken moet lonen" in text_of(read_pdf(buffer.getvalue()))

    def test_a_short_page_of_text_with_a_logo_keeps_its_text(self) -> None:
        assert text_of(read_pdf(joined(pdf([LINES]), pdf([["Bijlage 1"]])))).endswith("Bijlage 1")

    def test_a_scan_of_nothing_is_refused(self) -> None:
        with pytest.raises(UnreadableFile, match="geen tekst herkend"):
            read_pdf(scan(drawn([])))

    def test_a_letter_that_was_printed_and_scanned(self, tmp_path: Path) -> None:
        plain = tmp_path / "brief.txt"
        plain.write_text("\n".join(LINES), encoding="utf-8")
        pages = rasterised(converted(plain))
        found = text_of(read_pdf(saved(pages[0], "PDF", resolution=200, save_all=True, append_images=pages[1:])))
        assert Levenshtein.distance(found, TEXT) < 0.02 * len(TEXT)


class TestWithoutTesseract:
    @pytest.fixture(autouse=True)
    def _no_tesseract(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr.tesseract, "tesseract_cmd", "there-is-no-such-program")

    def test_text_is_read_all_the_same(self) -> None:
        assert "werken moet lonen" in text_of(read_pdf(joined(pdf([LINES]), blank())))

    def test_half_a_letter_is_refused_and_the_page_named(self) -> None:
        with pytest.raises(UnreadableFile, match="Bladzijde 2 van deze PDF is een scan") as refused:
            read_pdf(joined(pdf([LINES]), scan()))
        assert "tesseract-ocr-nld" in refused.value.remedy

    def test_many_pages_are_named_by_the_first(self) -> None:
        with pytest.raises(UnreadableFile, match="Bladzijde 1, 2, 3, 4, 5 en … van deze PDF zijn een scan"):
            read_pdf(joined(*[scan(drawn(resolution=20))] * 7))


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        ("Wij vinden dat werken moet lonen.", False),
        ("NOTULEN WMO-RAAD MVV HHV DVD: GEEN BIJZONDERHEDEN", False),
        ("1. 2. 3. 4. 5.", False),
        ("Επιστολή προς το δημοτικό συμβούλιο για τους πελάτες", False),
        ("رسالة إلى البلدية حول مجلس العملاء", False),
        (":LM YLQGHQ GDW ZHUNHQ PRHW ORQHQ HQ GDDURP YUDJHQ ZLM", True),
        ("\ue001\ue002\ue003 \ue004\ue005\ue006\ue007", True),
        ("\x01\x02\x03\x04 brief \x05\x06\x07", True),
        ("", False),
    ],
)
def test_which_text_layers_are_of_no_use(text: str, garbage: bool) -> None:
    assert is_garbage(text) is garbage


@pytest.mark.parametrize("size", [(1_000_000, 1_000_000), (1_000_000, 10), (1, 1)])
def test_pages_of_odd_sizes_are_read_or_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableFile):
        read_pdf(blank(width=size[0], height=size[1]))


def test_five_thousand_empty_pages_are_refused_soon() -> None:
    began = time.perf_counter()
    with pytest.raises(UnreadableFile):
        read_pdf(blank(pages=5_000))
    assert time.perf_counter() - began < 30
