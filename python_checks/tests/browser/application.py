"""The dashboard as its readers have it: a server of its own, and a browser that looks at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
import streamlit
from playwright.sync_api import Browser, Download, Page, Playwright
from streamlit.testing.v1 import AppTest

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.reading import Reader
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.processes import free_port
from python_checks.tests.pages import opened

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS_TO_START = 60
MILLISECONDS_TO_LOAD = 60_000
SECONDS_TO_DOWNLOAD = 15
CLICKS_TO_DOWNLOAD = 3
# Streamlit asks below the page's own path whether the server is there, then at the top.
PROBES = ("/_stcore/health", "/_stcore/host-config")
PAGES = {
    "": "Home",
    "funnel": "Funnel",
    "channels": "Channels and benchmarks",
    "worklist": "Worklist",
    "handoffs": "Hand-offs and SLA",
    "feedback": "Feedback",
    "score_health": "Score health",
    "accounts": "Accounts",
    "account": "Account",
    "leads": "Leads",
    "lead": "Lead",
    "data": "Data",
}
RUN_IS_OVER = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.getAttribute('data-test-script-state') === 'notRunning'
        && document.querySelector('h1, [data-testid="stAlert"], [data-testid="stForm"]')
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""
DRAWN = """() => Array.from(document.querySelectorAll('[data-testid="stVegaLiteChart"]')).every(
        chart => !chart.checkVisibility()
            || chart.querySelector('svg .mark-group.role-frame'))
    && Array.from(document.querySelectorAll('[data-testid="stDataFrame"]')).every(
        list => !list.checkVisibility() || list.querySelector('canvas th'))
    && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
METRICS = """() => Array.from(document.querySelectorAll('[data-testid="stMetric"]')).map(
    metric => [
        metric.querySelector('[data-testid="stMetricLabel"]').innerText.trim(),
        metric.querySelector('[data-testid="stMetricValue"]').innerText.trim(),
    ])"""


def browser_path() -> str | None:
    """Return the path of a browser of this machine; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """Start a browser without a window."""
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@contextmanager
def served(warehouse: Warehouse, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the dashboard on a warehouse; yield its address and process, and end it."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LEAD_")}
    module = [sys.executable, "-m", "lead_qualification", "dashboard"]
    command = [*module, "--port", str(port), "--target", warehouse.target]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**environment, **warehouse.environment, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _wait_for(address)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError("the dashboard did not start")


@dataclass
class Visit:
    """A tab of the browser, with what it complained about.

    Attributes:
        page: The tab.
        address: Address of the dashboard.
        complaints: Errors of the console, of scripts and of requests.
        elsewhere: Addresses of other machines that the page asked for.
    """

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the tab."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def open(self, path: str) -> None:
        """Load a page and wait until it is complete."""
        self.complaints.clear()
        self.page.goto(f"{self.address}/{path}")
        self.wait()

    def wait(self) -> None:
        """Wait until the page is complete."""
        self.page.wait_for_function(RUN_IS_OVER, timeout=MILLISECONDS_TO_LOAD)

    def draw(self) -> None:
        """Wait until its charts and lists are drawn."""
        self.page.wait_for_function(DRAWN, timeout=MILLISECONDS_TO_LOAD)

    def title(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").first.inner_text()

    def numbers(self) -> dict[str, str]:
        """The numbers of the page by heading; the first one of each heading."""
        found: dict[str, str] = {}
        for heading, value in self.page.evaluate(METRICS):
            found.setdefault(heading.splitlines()[0], value)
        return found

    def text(self) -> str:
        """Everything that the page says."""
        return self.page.locator('[data-testid="stMain"]').inner_text()

    def alerts(self) -> list[str]:
        """What the page says in boxes."""
        return self.page.locator('[data-testid="stAlert"]').all_inner_texts()

    def failures(self) -> list[str]:
        """Errors that the page shows."""
        shown = '[data-testid="stException"], [data-testid="stAlertContentError"]'
        return self.page.locator(shown).all_inner_texts()

    def choose(self, title: str, option: str) -> None:
        """Choose an option with the keyboard alone."""
        box = self.page.get_by_role("combobox", name=title)
        before = self.page.url
        box.focus()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.type(option)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)
        self.wait()

    def download(self, name: str, folder: Path) -> str:
        """Download a CSV of the page; its name is that of the file without ending.

        A page that runs again makes the button of before useless. Streamlit then says so beside
        it, and a reader clicks again.
        """
        button = self.page.locator(f".st-key-csv_{name} button >> visible=true").first
        refused = self.page.get_by_test_id("stDownloadButtonError").first
        if not button.is_visible():
            closed = self.page.locator("details", has=self.page.locator(f".st-key-csv_{name}"))
            closed.locator("summary").first.click()
            button.wait_for()
        awaited: list[Download] = []
        self.page.on("download", lambda file: awaited.append(file))
        for _ in range(CLICKS_TO_DOWNLOAD):
            button.click()
            for _ in range(SECONDS_TO_DOWNLOAD * 10):
                self.page.wait_for_timeout(100)
                if awaited or refused.is_visible():
                    break
            if awaited:
                break
        assert awaited, f"{name}: no file after {CLICKS_TO_DOWNLOAD} clicks"
        path = folder / f"{name}.csv"
        awaited[0].save_as(path)
        return path.read_text(encoding="utf-8")

    def _said(self, message: object) -> None:
        """Note an error of the console, but not Streamlit's look for its own server."""
        where = message.location.get("url", "")
        if message.type == "error" and not (
            message.text.endswith("404 (Not Found)") and where.endswith(PROBES)
        ):
            self.complaints.append(f"{message.text} {where}")

    def _asked(self, url: str) -> None:
        """Note a request to another machine."""
        if not url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.elsewhere.append(url)


def page(monkeypatch: pytest.MonkeyPatch, warehouse: Warehouse, view: str, **query: str) -> AppTest:
    """A page on a warehouse, with what is in its address, run without a browser."""
    reader = Reader(warehouse)
    monkeypatch.setattr(parts, "reader", lambda: reader)
    return opened(view, **query)


def said(shown: AppTest) -> str:
    """Everything that a page says: its texts, its numbers and the rows of its lists."""
    texts = [str(getattr(element, "value", "")) for element in shown.main]
    lists = [element.value.to_csv() for element in shown.dataframe]
    return "\n".join([*texts, *lists])


def kept_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The files that pages without a browser offer from now on, by name without ending."""
    files: dict[str, str] = {}
    show = streamlit.download_button

    def keep(*words: Any, **options: Any) -> Any:
        files[options["file_name"].removesuffix(".csv")] = options["data"]().decode()
        return show(*words, **options)

    monkeypatch.setattr(streamlit, "download_button", keep)
    return files
