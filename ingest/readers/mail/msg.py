"""Mails as Outlook saves them (.msg)."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.parser
import email.utils
import hashlib
import zoneinfo
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from oxmsg.properties import Properties
from oxmsg.storage import Storage

from ingest.readers.document import Contents
from ingest.readers.html import html_text
from ingest.readers.mail.eml import sent_at
from ingest.readers.mail.message import Attachment, Mail, contents_of, one_line, people
from ingest.readers.text import decode_text
from vectorstore.errors import UnreadableFile

_SUBJECT, _BODY, _HTML, _HEADERS, _SENT, _RECEIVED = 0x0037, 0x1000, 0x1013, 0x007D, 0x0039, 0x0E06
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _FOR, _FOR_SMTP = 0x0C1A, 0x0C1F, 0x5D01, 0x0042, 0x5D02
_NAME, _SMTP, _ADDRESS, _ROLE, _TO, _COPY = 0x3001, 0x39FE, 0x3003, 0x0C15, 1, 2
_SHOWN_TO, _SHOWN_COPY = 0x0E04, 0x0E03
_DATA, _LONG_NAME, _SHORT_NAME, _KIND, _IDENTIFIER, _HOW = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712, 0x3705
"""Numbers of the properties of a mail, from Microsoft's MS-OXPROPS."""

_AS_MAIL = 5
_MAIL_INSIDE = "__substg1.0_3701000D"
_TOP, _INSIDE, _PART = 32, 24, 8
"""Bytes before the first property: of a file, of a mail inside another, of a recipient or attachment."""

_EIGHT_BIT, _BYTES = 0x001E, 0x0102
_HOME = "Europe/Amsterdam"


def read_msg(storage: Storage) -> Contents:
    """Return the text of an Outlook mail and its attachments."""
    return contents_of(_mail(storage, _TOP))


class _Facts:
    """The properties of a mail, a recipient or an attachment; a broken one counts as missing.

    Args:
        storage: where they are.
        begin: bytes before the first.
    """

    def __init__(self, storage: Storage, begin: int) -> None:
        self._storage = storage
        self._properties = Properties(storage, begin)

    def text(self, *numbers: int) -> str:
        """Return the first of these properties that is not empty."""
        return next(filter(None, map(self._text, numbers)), "").replace("\0", "")

    def number(self, number: int) -> int | None:
        """Return a number, or None if missing."""
        value = None
        with contextlib.suppress(ArithmeticError, AttributeError, LookupError, ValueError):
            value = self._properties.int_prop_value(number)
        return value if isinstance(value, int) else None

    def moment(self, number: int) -> dt.datetime | None:
        """Return a time, in UTC, or None if missing."""
        value = None
        with contextlib.suppress(ArithmeticError, AttributeError, LookupError, ValueError):
            value = self._properties.date_prop_value(number)
        return value if isinstance(value, dt.datetime) else None

    def raw(self, number: int, kind: int = _BYTES) -> bytes:
        """Return the bytes of a property; empty if missing."""
        try:
            return bytes(self._storage.property_stream_bytes(number, kind))
        except LookupError:
            return b""

    def _text(self, number: int) -> str:
        try:
            return self._properties.str_prop_value(number) or ""
        except LookupError:
            return ""
        except UnicodeError:
            return _decode(self.raw(number, _EIGHT_BIT))


def _decode(data: bytes) -> str:
    try:
        return decode_text(data)
    except UnreadableFile:
        return ""


def _mail(storage: Storage, begin: int) -> Mail:
    facts = _Facts(storage, begin)
    headers = email.parser.HeaderParser().parsestr(facts.text(_HEADERS))
    html = facts.raw(_HTML)
    sender = (facts.text(_SENDER, _FOR), facts.text(_SENDER_SMTP, _FOR_SMTP) or _address(facts.text(_SENDER_ADDRESS)))
    return Mail(
        sender=people([sender]) or one_line(str(headers["From"] or "")),
        to=_recipients(storage, _TO) or one_line(facts.text(_SHOWN_TO)),
        copies=_recipients(storage, _COPY) or one_line(facts.text(_SHOWN_COPY)),
        date=sent_at(str(headers["Date"] or "")) or _at_home(facts.moment(_SENT) or facts.moment(_RECEIVED)),
        subject=one_line(facts.text(_SUBJECT)),
        plain=facts.text(_BODY),
        html=html_text(html) if html.strip() else facts.text(_HTML),
        attachments=tuple(map(_attachment, storage.iter_attachment_storages())),
    )


def _address(address: str) -> str:
    """Return an internet address; one that is internal to an organisation means nothing outside it."""
    return address if "@" in address else ""


def _recipients(storage: Storage, role: int) -> str:
    found = [_Facts(part, _PART) for part in storage.iter_recipient_storages()]
    return people(
        [
            (one_line(facts.text(_NAME)), facts.text(_SMTP) or _address(facts.text(_ADDRESS)))
            for facts in found
            if (facts.number(_ROLE) or _TO) & 0xF == role
        ]
    )


def _at_home(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a time in the council's time zone, as mail saved by Outlook keeps none."""
    with contextlib.suppress(zoneinfo.ZoneInfoNotFoundError, OverflowError):
        return moment.astimezone(zoneinfo.ZoneInfo(_HOME)) if moment else None
    return moment


def _attachment(storage: Storage) -> Attachment:
    facts = _Facts(storage, _PART)
    name = one_line(facts.text(_LONG_NAME, _SHORT_NAME, _NAME))
    inside = next((part for part in storage.storages if part.name == _MAIL_INSIDE), None)
    if facts.number(_HOW) == _AS_MAIL and inside is not None:
        stem = name.removesuffix(".msg") or "doorgestuurd bericht"
        return Attachment(f"{stem}.eml", _as_eml(_mail(inside, _INSIDE)), "message/rfc822")
    data = facts.raw(_DATA)
    missing = "" if data else "Deze bijlage zit niet in de e-mail zelf. Bewaar haar als los bestand en lees dat in."
    return Attachment(name, data, facts.text(_KIND).lower(), facts.text(_IDENTIFIER).strip("<> "), missing)


def _as_eml(mail: Mail) -> bytes:
    """Return a mail inside another as a file of its own, identical each time it is made."""
    digest = hashlib.sha256(repr(mail).encode("utf-8", "replace")).hexdigest()[:40]
    message = MIMEMultipart(boundary=f"mail-{digest}")
    fields = {"From": mail.sender, "To": mail.to, "Cc": mail.copies, "Subject": mail.subject}
    for name, value in fields.items():
        if value:
            message[name] = Header(value, "utf-8").encode()
    if mail.date:
        message["Date"] = email.utils.format_datetime(mail.date)
    bodies = MIMEMultipart("alternative", boundary=f"text-{digest}")
    for text, kind in ((mail.plain, "plain"), (mail.html, "html")):
        if text:
            bodies.attach(MIMEText(text, kind, "utf-8"))
    message.attach(bodies)
    for attachment in mail.attachments:
        if attachment.data:
            part = MIMEApplication(attachment.data)
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", attachment.name or "bijlage"))
            message.attach(part)
    return message.as_bytes()
