"""E-mail: its head, its own words, those of older mails, and the letters that came with it."""

from __future__ import annotations

import base64
import datetime as dt
from email.message import EmailMessage

import pytest

from ingest.readers.document import BlockKind, Contents
from ingest.readers.registry import read_file
from tests.ingest.outlook import Outlook, msg, ole
from tests.ingest.seeds import HTML, QUOTED, SENTENCE, eml, outlook
from vectorstore.errors import UnreadableFile

HEAD = "From: Anna <anna@example.org>\nTo: raad@example.org\nSubject: Advies\nMIME-Version: 1.0\n"
PDF = b"%PDF-1.4 " + b"x" * 30_000


def read(data: bytes) -> Contents:
    return read_file("mail", data)


def lines(data: bytes, kind: BlockKind) -> list[str]:
    return [block.text for block in read(data).blocks if block.kind is kind]


def plain(body: str, headers: str = "Content-Type: text/plain; charset=utf-8\n") -> bytes:
    return f"{HEAD}{headers}\n{body}".encode()


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Anna <anna@example.org>", "Message-ID": "<1@example.org>", **headers}.items():
        message[name.replace("_", "-")] = value
    return message


class TestHead:
    def test_who_wrote_to_whom_when_and_about_what(self) -> None:
        message = mail(To="Raad <raad@example.org>, b@example.org", Cc="c@example.org", Subject="Cliënten en beleid")
        message["Date"] = "Wed, 03 Nov 2021 23:30:00 -0500"
        message.set_content(SENTENCE)
        assert lines(message.as_bytes(), BlockKind.CARRIER) == [
            "Van: Anna <anna@example.org>",
            "Aan: Raad <raad@example.org>, b@example.org",
            "Cc: c@example.org",
            "Datum: 3 november 2021",
            "Onderwerp: Cliënten en beleid",
        ]
        assert lines(message.as_bytes(), BlockKind.PARAGRAPH) == [SENTENCE]

    @pytest.mark.parametrize(
        ("field", "line"),
        [
            (b"Subject: =?iso-8859-1?Q?Cli=EBnten?= =?iso-8859-1?Q?_en?=", "Onderwerp: Cliënten en"),
            (b"Subject: Cli\xebnten", "Onderwerp: Cliënten"),
            ("Subject: Cliënten".encode(), "Onderwerp: Cliënten"),
            (b"Subject: lang\n onderwerp", "Onderwerp: lang onderwerp"),
            (b"Subject: =?utf-8?B?/////?=", "Onderwerp:"),
            (b"Subject: =?nergens?Q?Cli=EBnt?=", "Onderwerp: Cliënt"),
            (b"Cc: =?utf-8?Q?Vries=2C_Jan_de?= <jan@example.org>", "Cc: Vries, Jan de <jan@example.org>"),
            (b"Cc: =?utf-8?B?SmFuIDxqYW5AZXhhbXBsZS5vcmc+?=", "Cc: Jan <jan@example.org>"),
            (b"Cc: ((((((<<,;:@", "Cc:"),
            (b"Cc: " + b"(" * 3000, "Cc: ((("),
        ],
    )
    def test_fields_however_written(self, field: bytes, line: str) -> None:
        data = b"From: a@example.org\nMIME-Version: 1.0\n" + field + b"\n\n" + SENTENCE.encode()
        assert any(found.startswith(line) for found in lines(data, BlockKind.CARRIER))

    @pytest.mark.parametrize("date", ["", "gisteren", "Wed, 99 Foo 2021 99:99:99 +9999", "0", "1 2 3 4 5 6 7"])
    def test_a_date_that_is_none_is_left_out(self, date: str) -> None:
        data = plain(SENTENCE, f"Date: {date}\n")
        assert not any(line.startswith("Datum") for line in lines(data, BlockKind.CARRIER))


class TestBody:
    def test_wrapped_lines_are_one_paragraph(self) -> None:
        half = len(SENTENCE) // 2
        cut = SENTENCE.index(" ", half)
        body = f"Beste raad,\n\n{SENTENCE[:cut]}\n{SENTENCE[cut + 1 :]}\n"
        assert lines(plain(body), BlockKind.PARAGRAPH) == ["Beste raad,", SENTENCE]

    def test_flowed_text(self) -> None:
        body = "Wij vinden dat \nwerken moet lonen. \nOok dit hoort erbij.\n\nEinde van de brief.\n"
        data = plain(body, "Content-Type: text/plain; charset=utf-8; format=flowed\n")
        assert "Wij vinden dat werken moet lonen. Ook dit hoort erbij." in lines(data, BlockKind.PARAGRAPH)

    @pytest.mark.parametrize(
        ("charset", "content"),
        [("utf-8", "cliënt".encode("cp1252")), ("onzin", "cliënt".encode()), ("us-ascii", "cliënt".encode())],
    )
    def test_a_charset_that_is_wrong(self, charset: str, content: bytes) -> None:
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode()
        assert any(
            "cliënt" in line for line in lines(head + b"Beste " + content + b", goedemorgen.", BlockKind.PARAGRAPH)
        )

    def test_html_when_the_plain_text_says_nothing(self) -> None:
        message = mail()
        message.set_content("Uw programma toont geen HTML.")
        message.add_alternative(HTML, subtype="html")
        assert SENTENCE in lines(message.as_bytes(), BlockKind.PARAGRAPH)

    def test_plain_text_when_it_says_the_same(self) -> None:
        message = mail()
        message.set_content(f"{SENTENCE}\n")
        message.add_alternative(f"<p><b>{SENTENCE}</b></p><p>Beeld</p>", subtype="html")
        assert lines(message.as_bytes(), BlockKind.PARAGRAPH) == [SENTENCE]


class TestOlderMails:
    OLD = "Kunt u ons laten weten wanneer het antwoord komt?"

    @pytest.mark.parametrize(
        "head",
        [
            "-----Oorspronkelijk bericht-----\nVan: Piet\n\n",
            "-------- Doorgestuurd bericht --------\n\n",
            "-----Original Message-----\n\n",
            "________________________________\nVan: Piet <p@example.org>\nVerzonden: maandag 1 november 2021 10:00\nAan: Anna\n\n",
            "Van: Piet\nAan: Anna\nDatum: 1 november 2021 om 10:00\n\n",
            "Begin doorgestuurd bericht:\n\n",
        ],
    )
    def test_what_follows_the_head_of_an_older_mail_is_quoted(self, head: str) -> None:
        data = plain(f"{SENTENCE}\n\n{head}{self.OLD}\n")
        assert SENTENCE in lines(data, BlockKind.PARAGRAPH)
        assert self.OLD in lines(data, BlockKind.QUOTE)
        assert self.OLD not in lines(data, BlockKind.PARAGRAPH)

    def test_lines_behind_a_mark_between_the_own_words(self) -> None:
        data = plain(f"Beste Piet,\n\n> {self.OLD}\n>> Eerder nog.\n\n{SENTENCE}\n")
        assert lines(data, BlockKind.PARAGRAPH) == ["Beste Piet,", SENTENCE]
        assert self.OLD in " ".join(lines(data, BlockKind.QUOTE))

    def test_html_that_repeats_an_older_mail(self) -> None:
        html = (
            f"<p>{SENTENCE}</p><div><b>Van:</b> Piet<br><b>Verzonden:</b> maandag 1 november<br>"
            f"<b>Onderwerp:</b> vraag</div><p>{self.OLD}</p>"
        )
        data = plain(html, "Content-Type: text/html; charset=utf-8\n")
        assert lines(data, BlockKind.PARAGRAPH) == [SENTENCE]
        assert lines(data, BlockKind.QUOTE)[-1] == self.OLD

    def test_the_head_of_a_memo_is_no_older_mail(self) -> None:
        memo = f"Van: de cliëntenraad\nAan: het college\nDatum: 3 november 2021\nBetreft: memo\n\n{SENTENCE}\n"
        blocks = read_file("memo.txt", memo.encode()).blocks
        assert {block.kind for block in blocks} == {BlockKind.PARAGRAPH}

    def test_a_mail_saved_as_text(self) -> None:
        saved = f"Van: Anna\nVerzonden: maandag 1 november 2021 10:00\nAan: Piet\nOnderwerp: vraag\n\n{SENTENCE}\n\n> {self.OLD}\n"
        blocks = read_file("mail.txt", saved.encode()).blocks
        assert [block.kind for block in blocks] == [BlockKind.CARRIER] * 4 + [BlockKind.PARAGRAPH, BlockKind.QUOTE]


class TestAttachments:
    def with_files(self, *files: tuple[str, str, bytes], body: str = SENTENCE) -> Contents:
        message = mail()
        message.set_content(body)
        for name, kind, data in files:
            main, sub = kind.split("/")
            message.add_attachment(data, maintype=main, subtype=sub, filename=name)
        return read(message.as_bytes())

    def names(self, *files: tuple[str, str, bytes]) -> list[str]:
        return [member.name for member in self.with_files(*files).members]

    def test_are_members_with_harmless_names(self) -> None:
        names = self.names(
            ("advies één.pdf", "application/pdf", PDF),
            ("../../etc/advies.pdf", "application/pdf", PDF),
            ("C:\\map\\brief.doc", "application/msword", PDF),
            ("advies één.pdf", "application/pdf", PDF),
        )
        assert names == ["advies één.pdf", "etc/advies.pdf", "map/brief.doc", "advies één (2).pdf"]

    def test_what_is_no_letter_is_left_out(self) -> None:
        assert self.names(
            ("image001.png", "image/png", b"x" * 5000),
            ("smime.p7s", "application/pkcs7-signature", b"x"),
            ("afspraak.ics", "text/calendar", b"x"),
            ("anna.vcf", "text/vcard", b"x"),
            ("winmail.dat", "application/ms-tnef", b"x"),
            ("image002.png", "image/png", b"x" * 50_000),
        ) == ["image002.png"]

    def test_a_picture_in_the_text_is_left_out(self) -> None:
        message = mail()
        message.set_content(f'<p>{SENTENCE}</p><img src="cid:logo">', subtype="html")
        message.add_related(b"x" * 90_000, maintype="image", subtype="png", cid="<logo>", filename="kop.png")
        assert read(message.as_bytes()).members == ()

    @pytest.mark.parametrize("body", ["", "Zie bijlage", "\n\n"])
    def test_a_mail_that_only_brings_files_is_no_letter(self, body: str) -> None:
        contents = self.with_files(("advies.pdf", "application/pdf", PDF), body=body)
        assert contents.blocks == ()
        assert [member.data for member in contents.members] == [PDF]

    def test_a_mail_sent_with_another_is_a_file_that_can_be_read(self) -> None:
        inner = next(member for member in read(eml()).members if member.name.endswith(".eml"))
        assert inner.name == "Binnenin.eml"
        assert lines(inner.data, BlockKind.PARAGRAPH) == ["Dit is een ander bericht."]

    def test_a_broken_encoding_of_a_file_does_not_lose_the_mail(self) -> None:
        broken = base64.b64encode(PDF)[:-7] + b"%%%"
        data = (
            f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{SENTENCE}\n--b\n"
            "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        ).encode() + broken
        contents = read(data)
        assert [block.text for block in contents.blocks][-1] == SENTENCE
        assert [member.name for member in contents.members] == ["bijlage.pdf"]


class TestOutlook:
    def test_gives_head_body_and_files(self) -> None:
        sent = dt.datetime(2021, 11, 2, 23, 30, tzinfo=dt.UTC)
        to = [("Raad", "raad@example.org", 1), ("Kees", "kees@example.org", 2)]
        files = [("advies.pdf", PDF, ""), ("image001.png", b"x" * 100, "")]
        made = msg(Outlook("Advies", f"{SENTENCE}\r\n", b"", ("Anna", "anna@example.org"), sent, to, files))
        contents = read(made)
        assert [block.text for block in contents.blocks] == [
            "Van: Anna <anna@example.org>",
            "Aan: Raad <raad@example.org>",
            "Cc: Kees <kees@example.org>",
            "Datum: 3 november 2021",
            "Onderwerp: Advies",
            SENTENCE,
        ]
        assert [(member.name, member.data) for member in contents.members] == [("advies.pdf", PDF)]

    def test_a_mail_inside_another_is_the_same_file_each_time(self) -> None:
        first, second = (read(outlook()).members[-1] for _ in range(2))
        assert first == second
        assert lines(first.data, BlockKind.PARAGRAPH) == ["Dit is een ander bericht."]
        assert lines(first.data, BlockKind.CARRIER) == ["Van: Piet <piet@example.org>", "Onderwerp: Binnenin"]

    @pytest.mark.parametrize(
        ("stream", "said"),
        [("WordDocument", ".doc"), ("EncryptedPackage", "wachtwoord"), ("Workbook", "rekenblad"), ("Onbekend", "oud")],
    )
    def test_other_files_of_old_programs_are_named(self, stream: str, said: str) -> None:
        with pytest.raises(UnreadableFile, match=said) as refused:
            read_file("brief.doc", ole({stream: b"x" * 100}))
        assert refused.value.remedy


class TestKnownByContent:
    @pytest.mark.parametrize(
        "data", [eml(), b"\n\n" + eml(), b"\xef\xbb\xbf" + eml(), b"From anna Wed Nov 3\n" + eml()]
    )
    def test_a_mail_whatever_its_name(self, data: bytes) -> None:
        assert lines(data, BlockKind.CARRIER)[0] == "Van: Anna de Vries <anna@example.org>"

    @pytest.mark.parametrize("sender", ["From: <Saved by Blink>\n", 'From: "Saved by Internet Explorer 11"\n', ""])
    def test_a_saved_web_page_is_no_mail(self, sender: str) -> None:
        page = f"{sender}Subject: Brief\nMIME-Version: 1.0\nContent-Type: text/html\n\n{HTML}".encode()
        assert lines(page, BlockKind.CARRIER) == []
        assert SENTENCE in lines(page, BlockKind.PARAGRAPH)

    def test_an_encrypted_mail(self) -> None:
        data = plain("x", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n")
        with pytest.raises(UnreadableFile, match="versleuteld"):
            read(data)


def test_a_block_quotation_in_a_mail() -> None:
    data = plain(f"<p>{SENTENCE}</p><blockquote>{QUOTED}</blockquote><p>{SENTENCE}</p>", "Content-Type: text/html\n")
    assert lines(data, BlockKind.QUOTE) == [QUOTED]
    assert lines(data, BlockKind.PARAGRAPH) == [SENTENCE] * 2
