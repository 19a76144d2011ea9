"""From a question to an answer in which every sentence is tied to a passage.

The public names are imported when they are asked for: importing the package loads nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assistant.answers.answer import Answer, NoAnswer
    from assistant.assistant import Assistant
    from assistant.composition import open_assistant
    from assistant.settings import Settings

    __version__: str

__all__ = ["Answer", "Assistant", "NoAnswer", "Settings", "__version__", "open_assistant"]

_MODULES: Final = {
    "Answer": "assistant.answers.answer",
    "Assistant": "assistant.assistant",
    "NoAnswer": "assistant.answers.answer",
    "Settings": "assistant.settings",
    "open_assistant": "assistant.composition",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("raadsgeheugen")
    elif name in _MODULES:
        value = getattr(importlib.import_module(_MODULES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names as well, imported or not."""
    return sorted({*globals(), *__all__})
