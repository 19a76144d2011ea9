"""The destination of the text that a chat model is asked with, for people to be told before they ask."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from assistant.answers.written_answer import Destination
from assistant.settings import Settings

_HERE: Final = "localhost"
_CLOUD: Final = "ollama.com"
_IN_CLOUD: Final = re.compile(r"[:-]cloud$")
"""The ending of names of models that Ollama has others compute, whichever server is asked for them."""

_PLACES: Final[Mapping[str, str]] = {
    "anthropic": "Anthropic",
    "mistralai": "Mistral AI",
    "ollama": _HERE,
    "openai": "OpenAI",
}
_ELSEWHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
    "mistralai": ("MISTRAL_BASE_URL",),
    "ollama": ("OLLAMA_HOST",),
    "openai": ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
}
"""Names in the environment by which a provider's client is sent to another address, those that win first."""


def destination(settings: Settings, environment: Mapping[str, str] = os.environ) -> Destination | None:
    """Tell who gets what a chat model is asked, None when there is none; nothing is sent to find out.

    Args:
        settings: name the model.
        environment: in which the clients of providers look for another address.
    """
    if settings.chat_model is None:
        return None
    place = _place(settings.chat_model, settings.chat_url, environment)
    local = _is_here(place)
    if local and _IN_CLOUD.search(settings.chat_model):
        return Destination(settings.chat_model, _CLOUD, local=False)
    return Destination(settings.chat_model, place, local)


def _place(model: str, url: str | None, environment: Mapping[str, str]) -> str:
    if url:
        return _host(url)
    provider = model.partition(":")[0]
    named = (environment.get(name, "").strip() for name in _ELSEWHERE.get(provider, ()))
    address = next(filter(None, named), None)
    return _host(address) if address else _PLACES.get(provider, provider)


def _host(address: str) -> str:
    """Return the host in an address, which may lack what comes before and after it; nothing else of it is told."""
    if _number(address) is not None:
        return address
    try:
        return urlsplit(address if "://" in address else f"//{address}").hostname or _HERE
    except ValueError:
        return "?"


def _is_here(place: str) -> bool:
    number = _number(place)
    if number is not None:
        return number.is_loopback or number.is_unspecified
    return place == _HERE or place.endswith(f".{_HERE}")


def _number(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
