"""A small client of W3C WebDriver for WebKitGTK: a display of its own, the driver, and one session that is a browser."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from foyer import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Refusal(Exception):
    """What the driver answers instead of a value; `code` is the specification's name for it."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code


def mini_browser() -> pathlib.Path:
    """The browser that comes with the library; it is not on the path."""
    found = sorted(pathlib.Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
    if not found:
        raise FileNotFoundError("WebKitGTK's MiniBrowser is not installed; scripts/setup test installs it.")
    return found[0]


class Display:
    """An X server without a screen, on a number that it finds free itself."""

    def __enter__(self) -> "Display":
        reading, writing = os.pipe()
        try:
            self.process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
                pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            os.close(writing)
        with open(reading, encoding="ascii") as numbers:
            self.number = numbers.readline().strip()
        assert self.number, "Xvfb found no display"
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(30)


class Driver:
    """WebKitWebDriver on a free port, and sessions of it; settings and caches are in a folder that goes with it."""

    def __init__(self, display: Display):
        self.display, self.port = display, free_port()

    def __enter__(self) -> "Driver":
        self.folder = tempfile.TemporaryDirectory(prefix="foyer-webkit.", ignore_cleanup_errors=True)
        home = pathlib.Path(self.folder.name)
        (home / "config" / "gtk-3.0").mkdir(parents=True)
        # What WebKit tells pages as prefers-reduced-motion.
        (home / "config" / "gtk-3.0" / "settings.ini").write_text("[Settings]\ngtk-enable-animations=false\n", encoding="ascii")
        places = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "cache", "data", "state")}
        surroundings = {
            "DISPLAY": f":{self.display.number}", "GDK_BACKEND": "x11", "LANG": "C.UTF-8",
            "MESA_SHADER_CACHE_DISABLE": "true",  # it would be written after the folder is gone
        }
        self.log = open(home / "driver.log", "wb")
        self.process = subprocess.Popen(
            ["WebKitWebDriver", f"--port={self.port}", "--host=127.0.0.1"], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=os.environ | places | surroundings)
        deadline = time.monotonic() + 30
        while True:
            try:
                self.call("GET", "/status")
                return self
            except urllib.error.URLError:
                assert self.process.poll() is None and time.monotonic() < deadline, "WebKitWebDriver did not start"
                time.sleep(0.05)

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        self.folder.cleanup()

    def call(self, method: str, path: str, body: dict | None = None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, headers={"Content-Type": "application/json"},
            data=json.dumps(body or {}).encode() if method == "POST" else None)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Refusal(value["error"], value["message"]) from None

    def open(self) -> "Session":
        options = {"binary": str(mini_browser()), "args": ["--automation"]}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}})
        return Session(self, session["sessionId"])


class Session:
    """One browser, with nothing kept from the one before."""

    def __init__(self, driver: Driver, id: str):
        self.driver, self.path = driver, f"/session/{id}"
        self.post("/window/rect", width=1280, height=900)

    def get(self, path: str):
        return self.driver.call("GET", self.path + path)

    def post(self, path: str, **body):
        return self.driver.call("POST", self.path + path, body)

    def run(self, script: str, *arguments):
        return self.post("/execute/sync", script=script, args=list(arguments))

    def elements(self, selector: str, within: str | None = None) -> list[str]:
        start = f"/element/{within}" if within else ""
        return [each[ELEMENT] for each in self.post(f"{start}/elements", using="css selector", value=selector)]

    def close(self) -> None:
        self.driver.call("DELETE", self.path)
