"""The quoted mails in an e-mail: lines behind ">", and everything after the head of an older mail."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import blocks_of

_OLDER = re.compile(
    r"^[\s>]*(?:[-_=]{2,}\s*(?:oorspronkelijk|origineel|doorgestuurd|original|forwarded)e?\s+(?:bericht|e-?mail|message)\b"
    r"|(?:begin doorgestuurd bericht|begin forwarded message|begin van doorgestuurd bericht)\s*:)",
    re.I,
)
_FROM = re.compile(r"^[\s>*]*(?:van|from)\s*\**\s*:\**\s*\S", re.I)
_SENT = re.compile(
    r"^[\s>*]*(?:(?:verzonden|verstuurd|sent)(?: op)?\s*\**\s*:|(?:datum|date)\s*\**\s*:.*\d{1,2}[:.]\d\d\b)", re.I
)
_QUOTED = re.compile(r"^ ?(?:> ?)+")
_HEAD = 4
"""Number of lines after the sender's in which the head of an older mail gives the time it was sent."""


def older_mail(lines: Sequence[str], begin: int = 0) -> int:
    """Return the index of the line where an older mail begins; the number of lines if there is none."""
    for i in range(begin, len(lines)):
        if _OLDER.match(lines[i]) or (_FROM.match(lines[i]) and _is_head(lines, i)):
            return i
    return len(lines)


def _is_head(lines: Sequence[str], i: int) -> bool:
    following = itertools.islice((line for line in lines[i + 1 : i + 12] if line.strip()), _HEAD)
    return any(_SENT.match(line) for line in following)


def mark_quoted(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a mail, with those that repeat an older one marked as quotations."""
    begins = older_mail([block.text for block in blocks])
    return [*blocks[:begins], *(replace(block, kind=BlockKind.QUOTE) for block in blocks[begins:])]


def mail_blocks(text: str) -> list[Block]:
    """Return the blocks of a mail's text, with what it repeats of older ones marked as quotations."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _blocks(lines, older_mail(lines))


def saved_mail_blocks(text: str) -> list[Block]:
    """Return the blocks of a text file that may be a mail saved as text, with its head at the top."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not (_FROM.match(lines[first]) and _is_head(lines, first)):
        return _blocks(lines, older_mail(lines))
    end = next((i for i in range(first, len(lines)) if not lines[i].strip()), len(lines))
    head = [Block(" ".join(line.split()), BlockKind.CARRIER, tight=i > 0) for i, line in enumerate(lines[first:end])]
    return join_head(head, _blocks(lines[end:], older_mail(lines[end:])))


def join_head(head: Sequence[Block], body: Sequence[Block]) -> list[Block]:
    """Return the text of a mail below its head, separated from it."""
    return [*head, *(replace(block, tight=False) for block in body[:1]), *body[1:]]


def repeats(text: str) -> bool:
    """Check whether a text file has lines that repeat an older mail, or the head of one."""
    lines = text.split("\n")
    return any(map(_QUOTED.match, lines)) or older_mail(lines) < len(lines)


def _blocks(lines: Sequence[str], begins: int) -> list[Block]:
    blocks: list[Block] = []
    for quoted, stretch in _stretches(lines, begins):
        made = blocks_of([stretch], numbered=False)
        first = [replace(block, tight=False) for block in made[:1]] if blocks else made[:1]
        turned = [*first, *made[1:]]
        blocks += [replace(block, kind=BlockKind.QUOTE) for block in turned] if quoted else turned
    return blocks


def _stretches(lines: Sequence[str], begins: int) -> Iterator[tuple[bool, str]]:
    """Yield own and repeated words in alternation."""
    marked = [(i >= begins or bool(_QUOTED.match(line)), _QUOTED.sub("", line)) for i, line in enumerate(lines)]
    for quoted, group in itertools.groupby(marked, key=lambda line: line[0]):
        yield quoted, "\n".join(line for _, line in group)
