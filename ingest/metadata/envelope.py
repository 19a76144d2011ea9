"""Metadata from the e-mail or file around a letter, used where the letter itself gives none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.language.dates.reader import date_in_name, read_day
from ingest.language.parties import party_at_address, party_of
from ingest.metadata.fields import Label, facts_in
from ingest.readers.document import Block, BlockKind
from vectorstore.letters import Voice

_FORWARDED = re.compile(r"^(?:\s*(?:fwd?|re|antw(?:oord)?|doorst(?:uren|gestuurd)?|betreft)\s*:)+\s*", re.I)
_ADDRESS = re.compile(r"\s*[<(\[]\s*[^\s<>()]+@[^\s<>()]+\s*[>)\]]")


@dataclass(frozen=True, slots=True)
class Carrier:
    """The e-mail or file that carried a letter.

    Attributes:
        date: on which it was sent, or the full date in the name of its file.
        subject: of the e-mail, without "FW:" and "RE:".
        sender, addressee, copies: names, an address only where there is no name.
        party: the side of the sender, by name or address; None if these do not say.
    """

    date: dt.date | None = None
    subject: str | None = None
    sender: str | None = None
    addressee: str | None = None
    copies: tuple[str, ...] = ()
    party: Voice | None = None


def carrier_of(blocks: Sequence[Block], source: str) -> Carrier:
    """Return what carried the letter in these blocks.

    Args:
        blocks: of the document; those of an e-mail's header are of kind CARRIER; those of mails quoted in it
            do not count.
        source: path of the file.
    """
    head = takewhile(lambda block: block.kind is BlockKind.CARRIER, blocks)
    lines = [line for block in head for line in block.text.split("\n")]
    facts = facts_in(lines)
    sent = facts.first(Label.DATED, Label.SENT)
    return Carrier(
        date=(read_day(sent) if sent else None) or date_in_name(source),
        subject=_FORWARDED.sub("", facts.first(Label.SUBJECT) or "").strip() or None,
        sender=next(iter(_split_people(facts.first(Label.SENDER))), None),
        addressee=", ".join(_split_people(facts.first(Label.ADDRESSEE))) or None,
        copies=_split_people(facts.first(Label.COPIES)),
        party=_party(facts.first(Label.SENDER) or ""),
    )


def _party(sender: str) -> Voice | None:
    """Return the side of the sender in an e-mail's header."""
    address = re.search(r"[^\s<>()]+@[^\s<>()]+", sender)
    return party_of(_ADDRESS.sub("", sender)) or (party_at_address(address[0]) if address else None)


def _split_people(value: str | None) -> tuple[str, ...]:
    """Return the people in a line of an e-mail's header: 'Jan Jansen <jan@voorbeeld.nl>; "Bos, Anna"
    <anna@voorbeeld.nl>'."""
    bracketed = (
        r"[^<>]*<[^<>]*>" if re.fullmatch(r"(?:[^<>]*<[^<>]*>)+[\s,;]*", value or "") else r'(?:"[^"]*"|[^,;"])+'
    )
    parts = re.findall(bracketed, value or "")
    names = ((_ADDRESS.sub("", part) or part).strip(" \"'<>[],;") for part in parts)
    return tuple(name for name in names if name)
