"""Errors of a chat model translated into ours, by the kind of exception and the status, never in its words.

What a provider says of an error can hold the key or the letters that were sent, so neither is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.settings import variable_of
from prompts.wording import message
from vectorstore.errors import ArchiveError, ModelUnavailable, UnusableReply

KEY: Final = "OPENAI_API_KEY"
"""Name in the environment under which a client of the protocol of OpenAI finds its key."""

_BUSY: Final = (408, 409, 429)
_REFUSED: Final = (400, 422)
_TOO_LARGE: Final = 413
_EXPLAINED: Final = (401, 403, 404, 429)
"""Statuses with a message of their own."""


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

    def unusable(self, phrase: str) -> UnusableReply:
        """Tell with a phrase of `messages.yaml` what is wrong with a reply."""
        return UnusableReply(*self._message(phrase))

    def translate_interruption(self, error: Exception) -> UnusableReply:
        """Translate what was raised when the reply had begun."""
        return self.unusable("reply_stalled" if _is_timeout(error) else "reply_broken_off")

    def translate(self, error: Exception) -> ArchiveError:
        """Translate what the model raised instead of a reply."""
        import httpx
        from langchain_core.exceptions import ContextOverflowError, ModelConnectionError

        if isinstance(error, ArchiveError):
            return error
        if isinstance(error, ContextOverflowError):
            return UnusableReply(*self._message("model_question_too_long"))
        if _is_timeout(error):
            return ModelUnavailable(*self._message("model_silent"))
        if isinstance(error, (ModelConnectionError, OSError, httpx.TransportError)):
            return ModelUnavailable(*self._message("model_unreachable"))
        status = _status(error)
        return self.unusable("reply_unreadable") if status is None or status == 200 else self._translate_status(status)

    def _translate_status(self, status: int) -> ArchiveError:
        if status in (*_REFUSED, _TOO_LARGE):
            kind = UnusableReply if status == _TOO_LARGE else Refused
            return kind(*self._message("model_takes_not", status=status))
        if status in _EXPLAINED:
            return ModelUnavailable(*self._message(f"model_refuses_{status}", status=status))
        return ModelUnavailable(*self._message("model_down" if status >= 500 else "model_refuses", status=status))

    def _message(self, phrase: str, **variables: object) -> tuple[str, str]:
        settings = {name: variable_of(name) for name in ("chat_model", "chat_url", "chat_timeout")}
        return message(phrase, model=self.name, patience=f"{self.patience:g}", key=KEY, **settings, **variables)


def is_passing(error: BaseException) -> bool:
    """Return true when the same request may well be answered a little later."""
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
    """Return the HTTP status, which the clients of all providers give in one of two places."""
    status = getattr(error, "status_code", getattr(getattr(error, "response", None), "status_code", None))
    return status if isinstance(status, int) and status > 0 else None
