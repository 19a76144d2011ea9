"""Where in letters a statement rests."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.bearing import Carried, Line, Reading
from assistant.quantities import figures_in
from vectorstore.letters import Citation, Passage


def lines_holding(text: str, readings: Sequence[Reading]) -> Carried | None:
    """The sentences that have the numbers of a text that says little else; None when it has none, or a passage has none."""
    values = {each.value for each in figures_in(text).quantities}
    lines = tuple(
        tuple(line for line in reading.lines if any(each.value in values for each in line.figures.quantities))[:1]
        for reading in readings
    )
    return Carried(1.0, lines, (1.0,) * len(lines)) if values and all(lines) else None


def lies_in_orders(citation: Citation, readings: Sequence[Reading]) -> bool:
    """Whether words of a passage stand in a sentence that gives orders to a program."""
    lines = (line for reading in readings if reading.passage is citation.passage for line in reading.lines)
    return any(line.orders and line.start < citation.end and citation.start < line.end for line in lines)


def joined(passage: Passage, lines: Sequence[Line]) -> list[Citation]:
    """Citations of sentences, those with nothing between them made one."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if spans and not passage.letter.text[spans[-1][1] : line.start].strip():
            spans[-1] = spans[-1][0], line.end
        else:
            spans.append((line.start, line.end))
    return [Citation(passage, start, end) for start, end in spans]
