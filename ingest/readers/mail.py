"""E-mail, whatever program kept it: who wrote to whom and when, what it says, and what came with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.document import Block, BlockKind, Contents, Member
from ingest.readers.bundle import MOST_FILES, Names, is_litter
from ingest.readers.html import html_blocks
from ingest.readers.quoting import below, mail_blocks, quoted_from

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_NO_LETTER = {".p7s", ".asc", ".sig", ".ics", ".vcf", ".vcs"}
_NO_LETTER_KINDS = {
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys",
    "text/calendar", "text/vcard", "text/x-vcard", "application/ms-tnef", "text/x-amp-html", "text/rfc822-headers",
    "message/delivery-status", "message/disposition-notification",
}  # fmt: skip
_PICTURE = re.compile(r"(?:image|outlook|oledata)[\w-]*\.\w{3,4}", re.I)
_SMALL_PICTURE = 20_000
"""Bytes of a picture that is part of a signature or of the layout, at most."""

_STUB = 40
"""Words of a plain text that only stands in for the HTML beside it, at most."""

_LEAST_WORDS = 3
"""Words of a mail that says something itself, at least."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent with a mail.

    Attributes:
        name: as the mail has it; "" when it has none.
        data: its bytes.
        kind: MIME type, in lower case.
        identifier: by which the text of the mail shows it in its place; "" for none.
        error: why it cannot be had, for a volunteer to read; empty when it can.
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
        date: when it was sent, in its own time zone; None when it does not say.
        subject: on one line.
        plain: the text; "" when there is only HTML.
        html: the same as HTML; "" when there is none.
        attachments: what came with it.
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
    """The blocks of a mail, its head first, and the files with it; no blocks when it only brings files."""
    members = tuple(_members(mail))
    body = _body(mail)
    words = sum(len(re.findall(r"\w+", block.text)) for block in body)
    if members and words < _LEAST_WORDS:
        return Contents(members=members)
    return Contents(tuple(below([*_head(mail)], body)), members)


def _head(mail: Mail) -> Iterator[Block]:
    facts = {
        "Van": mail.sender, "Aan": mail.to, "Cc": mail.copies, "Datum": _in_dutch(mail.date), "Onderwerp": mail.subject,
    }  # fmt: skip
    lines = [f"{label}: {fact}" for label, fact in facts.items() if fact]
    return (Block(line, BlockKind.CARRIER, tight=i > 0) for i, line in enumerate(lines))


def _in_dutch(date: dt.datetime | None) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}" if date else ""


def _body(mail: Mail) -> list[Block]:
    """The text of a mail, that of its HTML when the plain one is missing or says only that there is HTML."""
    plain = len(mail.plain.split())
    if mail.html and plain < _STUB:
        blocks = html_blocks(mail.html)
        if sum(len(block.text.split()) for block in blocks) > 3 * plain:
            return quoted_from(blocks)
    return mail_blocks(mail.plain)


def _members(mail: Mail) -> Iterator[Member]:
    names = Names()
    letters = [attachment for attachment in mail.attachments if not _is_no_letter(attachment, mail.html)]
    for number, attachment in enumerate(letters[:MOST_FILES], 1):
        name = names.given(attachment.name or f"bijlage {number}")
        yield Member(name, attachment.data, attachment.error)


def _is_no_letter(attachment: Attachment, html: str) -> bool:
    """Whether an attachment is part of the mail's layout, its signature or its workings."""
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
    """A fact from the head of a mail without line breaks and control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def people(pairs: Sequence[tuple[str, str]]) -> str:
    """Names with their addresses, as on a line of the head."""
    shown = (f"{name} <{address}>" if name and name != address else address or name for name, address in pairs)
    return one_line(", ".join(filter(None, shown)))
