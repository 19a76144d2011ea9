from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")

settings.register_profile("raadsgeheugen", deadline=None)
settings.load_profile("raadsgeheugen")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser; without one the test is skipped, except in CI, where it must be there."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"needs Chromium at {CHROMIUM} (apt-get install chromium)")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
