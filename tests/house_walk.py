"""What one question enters and repeats on its way to an answer, watched from outside while it is asked.

    python -m tests.house_walk

prints it for a question over the sample archive.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from assistant.composition import open_assistant, open_ingest
from assistant.settings import Settings
from tests.chat_server import chat_server
from tests.honest_model import honest
from tests.house import PACKAGES, ROOT

QUESTION = "Wat zei de cliëntenraad over de kostendelersnorm?"


def watch_calls(ask: Callable[[], object], seen: Callable[[FrameType], None]) -> None:
    """Call `seen` with the frame of every function of the product that is entered while asking."""
    folders = tuple(str(ROOT / package) + "/" for package in PACKAGES)

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(folders):
            seen(frame)

    sys.setprofile(profile)
    try:
        ask()
    finally:
        sys.setprofile(None)


def modules_entered(ask: Callable[[], object]) -> set[str]:
    """Return the modules of the product of which a function runs while asking."""
    entered: set[str] = set()

    def seen(frame: FrameType) -> None:
        entered.add(str(Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("")).replace("/", "."))

    watch_calls(ask, seen)
    return entered


def count_calls(ask: Callable[[], object], name: str, text: str | None = None) -> Counter[str]:
    """Return how often a function is called while asking, by caller.

    Args:
        ask: asks the question.
        name: of the function.
        text: count only calls with this text for an argument; all if None.
    """
    calls: Counter[str] = Counter()

    def seen(frame: FrameType) -> None:
        if frame.f_code.co_name == name and frame.f_back and (text is None or text in frame.f_locals.values()):
            caller = frame.f_back.f_code
            calls[f"{Path(caller.co_filename).stem}.{caller.co_name}"] += 1

    watch_calls(ask, seen)
    return calls


def main() -> None:
    """Print what a question over the sample archive enters and repeats, answered in quotations and by a chat model."""
    sample = ROOT / "eval" / "sample" / "archive"
    with tempfile.TemporaryDirectory() as folder, chat_server(honest) as server:
        settings = Settings(data=Path(folder))
        with open_ingest(settings) as ingest:
            ingest.run([sample])
        model = Settings(data=Path(folder), chat_model="honest", chat_url=server.url)
        for name, chosen, history in (
            ("in quotations", settings, []),
            ("written, a follow-up", model, ["Wat adviseerde de raad over de taaleis?"]),
        ):
            assistant = open_assistant(chosen)
            asked = partial(assistant.ask, history=history)
            asked("Wat vond het college van de taaleis?")
            entered = modules_entered(lambda asked=asked: asked(QUESTION))
            folded = count_calls(lambda asked=asked: asked(QUESTION), "fold", QUESTION).total()
            guessed = count_calls(lambda asked=asked: asked(QUESTION), "guess_language").total()
            print(f"{name}: {len(entered)} modules, folded {folded} times, language guessed {guessed} times")


if __name__ == "__main__":
    main()
