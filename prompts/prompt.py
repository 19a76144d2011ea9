"""Templates in YAML of what a chat model is asked; their variables are declared, and checked on load.

A template has `variables`, and in Jinja what the model has to do (`system`) and what it has to do that with (`user`). All
that is filled in is data: it stands between tags of the template, and cannot close them, as its angle brackets are written
`&lt;` and `&gt;`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml
from jinja2 import Environment, StrictUndefined, TemplateError, meta

PROMPTS: Final = Path(__file__).parent

_BRACKETS: Final = str.maketrans({"<": "&lt;", ">": "&gt;"})


def as_data(value: object) -> object:
    """Escape what begins or ends a tag in a text; leave other values as they are."""
    return value.translate(_BRACKETS) if isinstance(value, str) else value


def from_data(text: str) -> str:
    """Undo `as_data` in a text of a model that copies what it was given."""
    return text.replace("&lt;", "<").replace("&gt;", ">")


class Prompt:
    """A template of two messages.

    Args:
        variables: what has to be filled in.
        system: Jinja of what the model has to do.
        user: Jinja of what it has to do that with.

    Raises:
        ValueError: the templates use other variables, or are no Jinja.
    """

    def __init__(self, variables: frozenset[str], system: str, user: str) -> None:
        environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=as_data)
        try:
            used = {name for text in (system, user) for name in meta.find_undeclared_variables(environment.parse(text))}
            self._system, self._user = environment.from_string(system), environment.from_string(user)
        except TemplateError as error:
            raise ValueError(f"no template: {error}") from error
        if used != variables:
            raise ValueError(f"declared and used variables differ: {', '.join(sorted(used ^ variables))}")
        self._variables = variables

    def __call__(self, /, **variables: object) -> tuple[str, str]:
        """Return both messages with the variables filled in, what the model has to do first.

        Raises:
            KeyError: a variable is missing, or is not declared.
        """
        if variables.keys() != self._variables:
            raise KeyError(", ".join(sorted(variables.keys() ^ self._variables)))
        return self._system.render(variables).strip(), self._user.render(variables).strip()


@lru_cache(maxsize=8)
def load_prompt(name: str, folder: Path = PROMPTS) -> Prompt:
    """Load the template of a name.

    Raises:
        ValueError: the file is not a template, or declares other variables than it uses.
    """
    path = folder / f"{name}.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.keys() != {"variables", "system", "user"}:
        raise ValueError(f"{path.name}: a template has variables, system and user, and nothing else")
    try:
        return Prompt(frozenset(content["variables"]), content["system"], content["user"])
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
