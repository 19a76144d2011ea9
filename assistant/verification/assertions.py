"""The sentences of what a model wrote, without the names of passages and the markup that it may have put in them."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.verification.quotations import stretches_in
from ingest.language.sentences import sentence_spans

_NAME = r"[A-Za-z]{0,3}\d*[A-Za-z\d]{1,8}"
_MARKER = re.compile(
    rf"\s*(?:\[\^?(?P<square>{_NAME}(?:\s*[,;&/]\s*{_NAME})*)\]|【[^】]{{1,40}}】|"
    rf"\(\s*(?:zie )?(?:passages?|bron(?:nen)?|fragment(?:en)?|sources?|see)?:?\s*(?P<round>{_NAME}(?:\s*(?:,|;|&|/|en|and)\s*{_NAME})*)\s*\))",
    re.I,
)
_MARKUP = re.compile(
    r"\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=[\w.,!?])[*_](?!\w)|^\s{0,3}#{1,6}\s+|^\s*>\s?|<[^<>\n]{1,80}>", re.M
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_ITEM = re.compile(r"^\s*(?:[-–•*▪]|\d{1,2}[.)])\s+", re.M)
_LABELLED = re.compile(r"(?:passages?|bron(?:nen)?|fragment(?:en)?|sources?)\b", re.I)


def assertions_in(text: str, names: Set[str]) -> tuple[list[str], frozenset[str]]:
    """Split a text into sentences without markers and markup, and the names of passages that stood in it.

    Args:
        text: as a model wrote it.
        names: those that a marker may hold; brackets around anything else but numbers and name-like codes stay.
    """
    marked: set[str] = set()

    def unmarked(match: re.Match[str]) -> str:
        inside = re.findall(r"[A-Za-z\d]+", match["square"] or match["round"] or "")
        inside = [each for each in inside if each not in ("en", "and")]
        known = {each for each in inside if each in names}
        coded = match["square"] is not None and all(re.search(r"\d", each) for each in inside)
        if (
            not (match["square"] is None and match["round"] is None)
            and not known
            and not coded
            and not _LABELLED.search(match[0])
        ):
            return match[0]
        marked.update(each for each in inside if re.search(r"[A-Za-z]", each) and not _LABELLED.fullmatch(each))
        return ""

    plain = _LINK.sub(r"\1 \2", text)
    plain = _ITEM.sub("", _MARKUP.sub("", _MARKER.sub(unmarked, plain)))
    sentences = [re.sub(r"\s+([.,;:!?])(?!\w)", r"\1", " ".join(each.split())) for each in _sentences(plain)]
    return [each for each in sentences if re.search(r"\w", each)], frozenset(marked)


def _sentences(text: str) -> list[str]:
    """Split a text into sentences; what stands between quotation marks is never cut in two."""
    stretches = [(each.start, each.end) for each in stretches_in(text)]
    found: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if found and any(first < start < last for first, last in stretches):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return [text[start:end] for start, end in found]
