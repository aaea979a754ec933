"""A headless Chromium driven over its DevTools protocol: enough to open a page, press keys, ask the page and take pictures."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
PATIENCE_SECONDS = 30.0
_KEYS = {"Enter": 13, "ArrowRight": 39, "ArrowLeft": 37, "Escape": 27}


def executable() -> str | None:
    """The Chromium of this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """One page. `errors` collects uncaught exceptions and console errors since it was opened."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._loaded = False
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol; what arrives meanwhile is heard."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=PATIENCE_SECONDS))
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result
            self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        method, said = message.get("method"), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown":
            self.errors.append(said["exceptionDetails"].get("exception", {}).get("description") or said["exceptionDetails"]["text"])
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.errors.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and said["type"] == "error":
            self.errors.append(str(said["args"]))

    def open(self, address: str) -> None:
        """Go there and wait until the page and its images are loaded."""
        self._loaded = False
        self.call("Page.navigate", url=address)
        self.wait_for_load()

    def wait_for_load(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._loaded and time.monotonic() < deadline:
            self.ask("1")
            time.sleep(0.02)
        assert self._loaded, "the page did not load"

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression (a promise is awaited)."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in result, result.get("exceptionDetails")
        return result["result"].get("value")

    def follow(self, expression: str) -> None:
        """Do something that loads another page, and wait for it."""
        self._loaded = False
        self.ask(expression)
        self.wait_for_load()

    def press(self, key: str, loads: bool = False) -> None:
        self._loaded = False
        text = key if len(key) == 1 else "\r" if key == "Enter" else ""
        code = _KEYS.get(key, ord(key.upper()[0]))
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text if kind == "keyDown" else "", windowsVirtualKeyCode=code)
        if loads:
            self.wait_for_load()

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def hover(self, selector: str) -> None:
        place = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])

    def size(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, path: Path, whole: bool = False) -> None:
        """A PNG of what is seen, or of the whole page."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]))

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])


@contextlib.contextmanager
def chromium(path: str, width: int = 1366, height: int = 768) -> Iterator[Tab]:
    """A fresh Chromium with one tab, as large as a laptop's window; gone with its profile afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_address(Path(profile), process), max_size=None, proxy=None) as connection:
                tab = Tab(connection)
                tab.size(width, height)
                yield tab
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Where the tab listens: Chromium writes its port into the profile, and lists its tabs there."""
    import httpx

    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"Chromium ended with {process.returncode}"
        with contextlib.suppress(OSError, ValueError, httpx.HTTPError, StopIteration):
            port = int((profile / "DevToolsActivePort").read_text().split()[0])
            tabs = httpx.get(f"http://127.0.0.1:{port}/json/list", trust_env=False).json()
            address: str = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            return address
        time.sleep(0.05)
    raise AssertionError("Chromium did not come up")
