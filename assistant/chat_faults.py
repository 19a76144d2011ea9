"""What goes wrong with a chat model, as errors of ours: told by the kind of exception and the status, never in its words.

What a provider says of an error can hold the key or the letters that were sent, so neither is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.settings import PREFIX
from vectorstore.errors import ArchiveError, ModelUnavailable, UnusableReply

KEY: Final = "OPENAI_API_KEY"
"""Where a client of the protocol of OpenAI finds its key in the environment."""

_BUSY: Final = (408, 409, 429)
_REFUSED: Final = (400, 422)
_TOO_LARGE: Final = 413
_OTHER: Final = "Probeer een ander model."
_PATIENCE: Final = f"Geef het meer tijd met {PREFIX}CHAT_TIMEOUT, of kies een sneller model."


class Refused(UnusableReply):
    """The model does not take a request as it is put; put otherwise it may."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Makes errors of ours of what the client of one model raises.

    Attributes:
        name: of the model, as the settings have it.
        patience: seconds that the model is waited for.
    """

    name: str
    patience: float

    def unusable(self, fault: str, remedy: str = _OTHER) -> UnusableReply:
        """There is a reply, of which this is wrong."""
        return UnusableReply(f"Het antwoord van het chatmodel {self.name} {fault}.", remedy)

    def interrupted(self, error: Exception) -> UnusableReply:
        """The reply had begun when this was raised."""
        if _is_timeout(error):
            return self.unusable("stokte te lang en is afgebroken", _PATIENCE)
        return self.unusable("is afgebroken", "Probeer het opnieuw, of kies een ander model.")

    def of(self, error: Exception) -> ArchiveError:
        """The model raised this instead of a reply."""
        import httpx
        from langchain_core.exceptions import ContextOverflowError, ModelConnectionError

        if isinstance(error, ArchiveError):
            return error
        if isinstance(error, ContextOverflowError):
            return UnusableReply(
                f"De vraag is te lang voor het chatmodel {self.name}.", "Kies een model dat meer leest."
            )
        if _is_timeout(error):
            return ModelUnavailable(
                f"Het chatmodel {self.name} antwoordt niet binnen {self.patience:g} seconden.", _PATIENCE
            )
        if isinstance(error, (ModelConnectionError, OSError, httpx.TransportError)):
            return ModelUnavailable(
                f"Het chatmodel {self.name} is niet te bereiken.",
                f"Kijk of de server draait, en of {PREFIX}CHAT_URL klopt.",
            )
        status = _status(error)
        return self.unusable("is niet te lezen") if status is None or status == 200 else self._said_no(status)

    def _said_no(self, status: int) -> ArchiveError:
        if status in (*_REFUSED, _TOO_LARGE):
            kind = UnusableReply if status == _TOO_LARGE else Refused
            return kind(f"Het chatmodel {self.name} neemt deze vraag niet aan ({status}).", "Misschien is zij te lang.")
        fault, remedy = _SAID_NO.get(status, _DOWN if status >= 500 else _NO)
        return ModelUnavailable(f"Het chatmodel {self.name} {fault} ({status}).", remedy)


def is_passing(error: BaseException) -> bool:
    """Whether the same request may well be answered a little later."""
    import httpx
    from langchain_core.exceptions import ModelError

    if isinstance(error, ModelError):
        return error.is_retryable
    status = _status(error)
    if status is not None:
        return status in _BUSY or status >= 500
    return isinstance(error, (OSError, httpx.TransportError))


def _is_timeout(error: Exception) -> bool:
    import httpx
    from langchain_core.exceptions import ModelTimeoutError

    return isinstance(error, (ModelTimeoutError, TimeoutError, httpx.TimeoutException))


def _status(error: BaseException) -> int | None:
    """The HTTP status, which the clients of all providers give in one of two places."""
    status = getattr(error, "status_code", getattr(getattr(error, "response", None), "status_code", None))
    return status if isinstance(status, int) and status > 0 else None


_DOWN: Final = ("heeft een storing", "Probeer het later nog eens, of kijk wat de server meldt.")
_NO: Final = ("weigert", "Kijk wat de server of de aanbieder meldt.")
_SAID_NO: Final[Mapping[int, tuple[str, str]]] = {
    401: ("weigert de sleutel", f"Zet de juiste sleutel in de omgeving (zoals {KEY})."),
    403: ("mag niet gebruikt worden met deze sleutel", "Vraag de aanbieder om toegang, of kies een ander model."),
    404: ("bestaat daar niet", f"Controleer {PREFIX}CHAT_MODEL; {PREFIX}CHAT_URL eindigt vaak op /v1."),
    429: ("neemt nu geen vragen aan", "Wacht even, of kijk naar het tegoed bij de aanbieder."),
}
