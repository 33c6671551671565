"""Chromium over a page: what it complains of, what it asks for, and whether anything that it holds has run."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; as root it cannot have a sandbox."""
    with sync_playwright() as playwright:
        found = next(path for name in NAMES if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page in a browser, and all that went wrong with it."""

    page: Page
    file: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def at(self, route: str) -> Page:
        """The view of a route."""
        self.page.goto(f"{self.file.as_uri()}{route}")
        self.page.wait_for_selector("main h1")
        return self.page

    def well(self) -> None:
        """Nothing was complained of, nothing was asked for but the page, nothing of its data has run."""
        assert self.complaints == []
        assert {url.split("#")[0] for url in self.requests} <= {self.file.as_uri()}
        assert self.page.evaluate("window.harmed") is None
        assert self.page.locator("main img, main iframe, main object, main script").count() == 0


@contextmanager
def opened(browser: Browser, file: Path, **options: Any) -> Iterator[Opened]:
    """A page in a context of its own: `options` are Playwright's of a context (viewport, color_scheme, ...)."""
    with browser.new_context(**options) as context:
        page = context.new_page()
        found = Opened(page, file)
        page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("dialog", lambda dialog: found.complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: found.requests.append(request.url))
        yield found
