"""Reports in pages of a real browser."""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Report, render
from tests.support.report.browser import WHOLE, Opened

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        absent(f"none of {', '.join(BROWSERS)} is on the PATH; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            absent(f"{path} cannot be started: {error}")
        yield started
        started.close()


def absent(why: str) -> NoReturn:
    if os.environ.get("EKSDNS_E2E_REQUIRED") == "1":
        pytest.fail(f"the HTML report needs a browser: {why}")
    pytest.skip(f"NOT TESTED in a browser: {why}")


@pytest.fixture
def opened(browser, tmp_path):
    contexts: list[BrowserContext] = []

    def open_report(report: Report, *, width: int = 1280, wait: bool = True, **options: object) -> Opened:
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(render(report, Format.HTML, RenderOptions()), encoding="utf-8")
        calm = {"reduced_motion": "reduce"}  # what scrolls smoothly cannot be clicked meanwhile
        context = browser.new_context(viewport={"width": width, "height": 900}, **calm, **options)
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("dialog", lambda dialog: found.complaints.append(f"dialog {dialog.message}"))
        found.page.on("request", lambda request: found.complaints.append(request.url))
        found.page.goto(path.as_uri())
        assert found.complaints == [path.as_uri()], "only the page itself is asked for, and nothing is said"
        found.complaints.clear()
        if wait:
            found.page.wait_for_selector(WHOLE, state="attached")
        return found

    yield open_report
    for context in contexts:
        context.close()
