"""Files of Microsoft's older programs, which all start alike: Outlook's are read, others are refused with a remedy."""

from __future__ import annotations

import io

from olefile import OleFileIO  # type: ignore[import-untyped]
from oxmsg.storage import Storage

from ingest.readers.document import Contents
from ingest.readers.mail.msg import read_msg
from vectorstore.errors import UnreadableFile

_KINDS = {
    "EncryptedPackage": (
        "Dit Office-bestand is beveiligd met een wachtwoord.", "Bewaar een kopie zonder wachtwoord en lees die in."
    ),
    "WordDocument": (
        "Dit is een Word-bestand van vóór 2007 (.doc); dat kan niet worden gelezen.",
        "Open het in Word of LibreOffice en bewaar het als .docx of PDF.",
    ),
    "Workbook": ("Dit is een rekenblad (Excel), geen brief.", "Bewaar de tekst eruit als Word-bestand of PDF."),
    "Book": ("Dit is een rekenblad (Excel), geen brief.", "Bewaar de tekst eruit als Word-bestand of PDF."),
    "PowerPoint Document": ("Dit is een presentatie (PowerPoint), geen brief.", "Bewaar haar als PDF en lees die in."),
}  # fmt: skip
_MAIL = "__properties_version1.0"


_UNKNOWN = (
    "Dit is een oud of beschadigd Office-bestand; het kan niet worden gelezen.",
    "Open het in het programma waarmee het gemaakt is en bewaar het als .docx of PDF.",
)


def read_ole(data: bytes) -> Contents:
    """Return the contents of an OLE file.

    Raises:
        UnreadableFile: it is not an Outlook mail, or a broken one.
    """
    try:
        with OleFileIO(io.BytesIO(data)) as file:
            names = {path[0] for path in file.listdir()}
            if _MAIL in names:
                return read_msg(Storage.from_ole(file))
    except UnreadableFile:
        raise
    except Exception as error:  # the libraries let any error on a broken file through
        raise UnreadableFile(*_UNKNOWN) from error
    raise UnreadableFile(*next((told for name, told in _KINDS.items() if name in names), _UNKNOWN))
