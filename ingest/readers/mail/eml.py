"""Mails as transmitted (.eml) and web pages saved in the same form (.mht), through the parser of the standard library.

The policy that leaves headers untouched is used: the stricter one raises on broken headers, which real archives have,
and is slow on some.
"""

from __future__ import annotations

import binascii
import datetime as dt
import email
import email.utils
import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from ingest.readers.document import Contents
from ingest.readers.html import html_blocks, html_text
from ingest.readers.mail.message import Attachment, Mail, contents_of, one_line, people
from ingest.readers.text import decode_text
from vectorstore.errors import UnreadableFile

_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):(.*)")
_TECHNICAL = {
    b"message-id", b"mime-version", b"received", b"return-path", b"content-type", b"delivered-to", b"x-mailer",
    b"content-transfer-encoding", b"dkim-signature",
}  # fmt: skip
_USUAL = _TECHNICAL | {b"from", b"to", b"cc", b"subject", b"date", b"reply-to", b"sender", b"importance"}
_SAVED_PAGE = re.compile(rb"^(?:snapshot-content-location|from:\s*[<\"]?saved by)", re.I | re.M)
_LONGEST_FIELD = 20_000
"""Number of characters read of a header field."""

_TOP = 4_000
"""Number of bytes in which the head of a mail must be recognisable."""


def is_mail(data: bytes) -> bool:
    """Check whether a file begins like a mail, with mail-server fields among those a person could have typed."""
    found: set[bytes] = set()
    for i, line in enumerate(data[:_TOP].removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()):
        if not line.strip():
            break
        named = _FIELD.match(line)
        if named:
            found.add(named[1].lower())
        elif not line.startswith((b" ", b"\t")) and not (i == 0 and line.startswith(b"From ")):
            break
    return len(found & _USUAL) >= 2 and bool(found & _TECHNICAL)


def read_eml(data: bytes) -> Contents:
    """Return the text of a mail and its attachments.

    Raises:
        UnreadableFile: it is encrypted.
    """
    message = email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    if message.get_content_type() == "multipart/encrypted" or message.get_param("smime-type") == "enveloped-data":
        raise UnreadableFile(
            "Deze e-mail is versleuteld.", "Open de e-mail in het mailprogramma en bewaar de brief als PDF of tekst."
        )
    found = _Found()
    _sort(message, found)
    saved = _SAVED_PAGE.search(data[:_TOP]) or not message["From"]
    if saved and found.html and not message["To"]:
        return Contents(tuple(html_blocks("\n".join(found.html))))
    return contents_of(
        Mail(
            sender=_people(message, "From"),
            to=_people(message, "To"),
            copies=_people(message, "Cc"),
            date=sent_at(_field(message, "Date")),
            subject=one_line(_field(message, "Subject")),
            plain="\n\n".join(found.plain),
            html="\n".join(found.html),
            attachments=tuple(found.attachments),
        )
    )


@dataclass(slots=True)
class _Found:
    """The parts of a mail, sorted by kind."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def _sort(part: Message, found: _Found) -> None:
    """Sort a part, and the parts in it, by kind."""
    kind = part.get_content_type()
    name = _name(part)
    if kind == "message/rfc822" and part.is_multipart():
        found.attachments += map(_attach_forwarded, _parts(part))
    elif part.is_multipart():
        for inner in _parts(part):
            _sort(inner, found)
    else:
        data = part.get_payload(decode=True)
        content = data if isinstance(data, bytes) else b""
        shown = not name and part.get_content_disposition() != "attachment"
        if shown and kind == "text/plain":
            found.plain.append(_plain_text(part, content))
        elif shown and kind == "text/html":
            found.html.append(_html(part, content))
        elif content.strip():
            identifier = one_line(str(part.get("Content-ID", ""))).strip("<> ")
            found.attachments.append(Attachment(name or _default_name(kind), content, kind, identifier))


def _parts(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    return (inner for inner in (payload if isinstance(payload, list) else []) if isinstance(inner, Message))


def _attach_forwarded(message: Message) -> Attachment:
    """Return a mail that was attached to another, as a file."""
    subject = one_line(_field(message, "Subject"))
    name = re.sub(r"[/\\:]", "-", subject)[:80] or "doorgestuurd bericht"
    try:
        return Attachment(f"{name}.eml", message.as_bytes(), "message/rfc822")
    except (MessageError, UnicodeError, LookupError, ValueError, TypeError, AttributeError):
        return Attachment(
            f"{name}.eml", b"", "message/rfc822",
            error="Dit doorgestuurde bericht is beschadigd. Bewaar het zelf als los bestand en lees dat in.",
        )  # fmt: skip


def _name(part: Message) -> str:
    try:
        return one_line(_readable(part.get_filename() or ""))
    except (UnicodeError, LookupError, ValueError, TypeError):
        return "bijlage"


def _default_name(kind: str) -> str:
    return f"bijlage{mimetypes.guess_extension(kind) or ''}"


def _plain_text(part: Message, content: bytes) -> str:
    text = _decode_in_charset(part, content).replace("\r\n", "\n")
    if _parameter(part, "format").lower() == "flowed":
        between = "" if _parameter(part, "delsp").lower() == "yes" else " "
        return re.sub(r"(?m)(?<=[^\n>]) \n(?!>|-- |\n)", between, text)
    return text


def _html(part: Message, content: bytes) -> str:
    charset = part.get_content_charset()
    try:
        return content.decode("cp1252" if charset in ("iso-8859-1", "us-ascii") else charset or "utf-8")
    except (LookupError, ValueError):
        return _or_nothing(html_text, content)


def _decode_in_charset(part: Message, content: bytes) -> str:
    """Decode a part in its declared encoding, or in a likely one if the declaration is wrong."""
    charset = part.get_content_charset()
    try:
        return content.decode("cp1252" if charset == "iso-8859-1" else charset or "ascii")
    except (LookupError, ValueError):
        return _or_nothing(decode_text, content)


def _or_nothing(reading: Callable[[bytes], str], content: bytes) -> str:
    try:
        return reading(content)
    except UnreadableFile:
        return ""


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    return value if isinstance(value, str) else ""


def _field(message: Message, name: str) -> str:
    """Return a header field as a person reads it."""
    return _readable(_raw(message, name))


def _raw(message: Message, name: str) -> str:
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    stray = raw[:_LONGEST_FIELD].encode("utf-8", "surrogateescape")
    try:
        return stray.decode("utf-8")
    except UnicodeDecodeError:
        return stray.decode("cp1252", "replace")


def _people(message: Message, name: str) -> str:
    raw = _raw(message, name)
    pairs = _pairs(one_line(raw))
    if not any("@" in address for _, address in pairs):
        pairs = _pairs(one_line(_readable(raw)))
    return people([(_readable(shown), address) for shown, address in pairs]) or one_line(_readable(raw))


def _pairs(people_listed: str) -> list[tuple[str, str]]:
    """Return names and addresses; none if brackets are nested too deeply for the library."""
    try:
        return email.utils.getaddresses([people_listed])
    except RecursionError:
        return []


def _readable(raw: str) -> str:
    """Return a field or name with its encoded words decoded."""
    try:
        pieces = decode_header(raw)
    except (MessageError, binascii.Error, ValueError):
        return raw
    return "".join(piece if isinstance(piece, str) else _word(piece, charset) for piece, charset in pieces)


def _word(piece: bytes, charset: str | None) -> str:
    try:
        return piece.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return piece.decode("cp1252", "replace")


def sent_at(field_text: str) -> dt.datetime | None:
    """Return the time in a "Date" field, in its own time zone, or None if there is none."""
    try:
        return email.utils.parsedate_to_datetime(field_text)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
