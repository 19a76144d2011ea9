"""E-mail from any program: who wrote to whom and when, its text, and its attachments."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.language.dates.months import date_in_words
from ingest.readers.document import Block, BlockKind, Contents, Member
from ingest.readers.html import html_blocks
from ingest.readers.layout.mail_thread import join_head, mail_blocks, mark_quoted
from ingest.readers.zip_archive import MOST_FILES, Names, is_litter

_NO_LETTER = {".p7s", ".asc", ".sig", ".ics", ".vcf", ".vcs"}
_NO_LETTER_KINDS = {
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys",
    "text/calendar", "text/vcard", "text/x-vcard", "application/ms-tnef", "text/x-amp-html", "text/rfc822-headers",
    "message/delivery-status", "message/disposition-notification",
}  # fmt: skip
_PICTURE = re.compile(r"(?:image|outlook|oledata)[\w-]*\.\w{3,4}", re.I)
_SMALL_PICTURE = 20_000
"""Largest size in bytes of a picture that is part of a signature or of the layout."""

_STUB = 40
"""Largest number of words of a plain text that only stands in for the HTML beside it."""

_LEAST_WORDS = 3
"""Smallest number of words of a mail with a message of its own."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent with a mail.

    Attributes:
        name: as the mail has it; "" if none.
        data: its bytes.
        kind: MIME type, in lower case.
        identifier: content id by which the text embeds it; "" for none.
        error: why it cannot be read, in words for a volunteer; empty if it can.
    """

    name: str
    data: bytes
    kind: str = ""
    identifier: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail.

    Attributes:
        sender: name and address.
        to: names and addresses.
        copies: the same, of those who got a copy.
        date: when it was sent, in its own time zone; None if it does not say.
        subject: on one line.
        plain: the text; "" if there is only HTML.
        html: the same as HTML; "" if there is none.
        attachments: the attached files.
    """

    sender: str = ""
    to: str = ""
    copies: str = ""
    date: dt.datetime | None = None
    subject: str = ""
    plain: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


def contents_of(mail: Mail) -> Contents:
    """Return the blocks of a mail, its head first, and its attachments; no blocks if it only brings files."""
    members = tuple(_members(mail))
    body = _body(mail)
    words = sum(len(re.findall(r"\w+", block.text)) for block in body)
    if members and words < _LEAST_WORDS:
        return Contents(members=members)
    return Contents(tuple(join_head([*_head(mail)], body)), members)


def _head(mail: Mail) -> Iterator[Block]:
    facts = {
        "Van": mail.sender, "Aan": mail.to, "Cc": mail.copies, "Datum": date_in_words(mail.date) if mail.date else "",
        "Onderwerp": mail.subject,
    }  # fmt: skip
    lines = [f"{label}: {fact}" for label, fact in facts.items() if fact]
    return (Block(line, BlockKind.CARRIER, tight=i > 0) for i, line in enumerate(lines))


def _body(mail: Mail) -> list[Block]:
    """Return the text of a mail, from its HTML if the plain text is missing or a stub."""
    plain = len(mail.plain.split())
    if mail.html and plain < _STUB:
        blocks = html_blocks(mail.html)
        if sum(len(block.text.split()) for block in blocks) > 3 * plain:
            return mark_quoted(blocks)
    return mail_blocks(mail.plain)


def _members(mail: Mail) -> Iterator[Member]:
    names = Names()
    letters = [attachment for attachment in mail.attachments if not _is_no_letter(attachment, mail.html)]
    for number, attachment in enumerate(letters[:MOST_FILES], 1):
        name = names.assign(attachment.name or f"bijlage {number}")
        yield Member(name, attachment.data, attachment.error)


def _is_no_letter(attachment: Attachment, html: str) -> bool:
    """Check whether an attachment is part of the mail's layout, its signature or its technical parts."""
    name = PurePosixPath(attachment.name.replace("\\", "/")).name.casefold()
    picture = attachment.kind.startswith("image/") or name.endswith((".png", ".gif", ".jpg", ".jpeg", ".bmp"))
    if picture and attachment.identifier and f"cid:{attachment.identifier}" in html:
        return True
    if picture and len(attachment.data) < _SMALL_PICTURE and _PICTURE.fullmatch(name):
        return True
    return (
        attachment.kind in _NO_LETTER_KINDS
        or PurePosixPath(name).suffix in _NO_LETTER
        or name == "winmail.dat"
        or is_litter(name)
    )


def one_line(text: str) -> str:
    """Return a header value without line breaks and control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def people(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names with their addresses, as in a header line."""
    shown = (f"{name} <{address}>" if name and name != address else address or name for name, address in pairs)
    return one_line(", ".join(filter(None, shown)))
