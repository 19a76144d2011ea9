"""An evaluation as one HTML page, for members of the council and for developers, from the templates beside this file.

The page asks for nothing from outside and works from a file: its style and script stand in it, and its content
security policy allows these two, by their hashes, and nothing else. Jinja escapes all that comes in.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval.metrics.answers import CITED, FACTS, FALSE_REFUSALS, FOUND, QUOTE_VALIDITY, REFUSED, VOICE
from eval.reports.answer_page import questions
from eval.reports.plain import plain
from eval.reports.plots import bars, latencies, plot_changes
from eval.reports.terms import day, figure, signed, terms

PLOTTED: Final = (FOUND, CITED, FACTS)
"""Metrics drawn for each kind of question."""

_COLUMNS: Final = (
    *(FOUND, "nDCG@10", CITED, "citation_recall", "citation_precision", FACTS, VOICE),
    *(REFUSED, "refusal_precision", FALSE_REFUSALS, QUOTE_VALIDITY, "latency_p50"),
)
_NOT_METRICS: Final = ("questions", "intervals", "kinds", "parts")


def html(evaluation: Mapping[str, Any]) -> str:
    """Draw the page; the same evaluation gives the same page.

    Args:
        evaluation: its JSON.
    """
    environment = Environment(
        loader=PackageLoader("eval.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"figure": figure, "signed": signed, "day": day, "sentence": _sentence, "pretty": _pretty}
    style, script = _own("style.css"), _own("filter.js")
    answers, metrics = evaluation["answers"], evaluation["metrics"]
    return environment.get_template("report.html").render(
        evaluation=evaluation,
        terms=terms(),
        style=style,
        script=script,
        policy=_policy(style, script),
        plain=plain(evaluation) if answers else None,
        metrics=metrics,
        names=[name for name in metrics if name not in _NOT_METRICS],
        columns=[name for name in _COLUMNS if any(name in kind for kind in metrics["kinds"].values())],
        plots={name: plotted for name in PLOTTED if (plotted := bars(metrics, name))},
        latencies=latencies([answer["seconds"] for answer in answers]),
        changes=list(plot_changes(evaluation["baseline"]["differences"])) if evaluation["baseline"] else [],
        questions=list(questions(answers)),
        numbers={answer["id"]: number for number, answer in enumerate(answers, 1)},
    )


def _own(name: str) -> Markup:
    return Markup(files("eval.reports").joinpath("templates", name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sentence(words: str) -> str:
    """Return words with a capital in front; the rest as it was."""
    return words[:1].upper() + words[1:]


def _pretty(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
