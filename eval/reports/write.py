"""The reports that are made from the JSON of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.files import write_text
from eval.reports.evaluation import evaluation_markdown
from eval.reports.html import html as page
from eval.reports.junit import junit as suites
from vectorstore.errors import WrongUse


def write_reports(
    evaluation: Mapping[str, Any], html: Path | None = None, markdown: Path | None = None, junit: Path | None = None
) -> None:
    """Write the reports that are asked for, each whole or not at all.

    Args:
        evaluation: its JSON.
        html: file for the page; None for no page, and so on.
        markdown: file for the summary.
        junit: file for the JUnit XML.

    Raises:
        WrongUse: a file cannot be written.
    """
    for path, report in ((html, page), (markdown, evaluation_markdown), (junit, suites)):
        if path:
            _write(path, report(evaluation))


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise WrongUse(f"{path} cannot be written ({error.strerror}).", "Name a file in a folder of yours.") from error
