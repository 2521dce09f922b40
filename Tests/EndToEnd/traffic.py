"""What a page costs its reader: requests and bytes on the wire, work of the main thread, movement of what is read, time until the first words."""
import time

from playwright.sync_api import Page

# In the page from its beginning: how far what is read has moved, and when the first words stood there.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        const nodes = entry.sources.map(({ node, previousRect, currentRect }) =>
            `${node?.className || node?.nodeName} from ${previousRect.y}+${previousRect.height} to ${currentRect.y}+${currentRect.height}`);
        moved.push({ value: entry.value, nodes: nodes.join(", ") });
    }
}).observe({ type: "layout-shift", buffered: true });
window.firstWords = new Promise((resolve) => {
    const look = () => document.querySelector("#root")?.innerText?.trim() ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
});
"""


class Traffic:
    """Requests and bytes of a page since it was made or `restart`ed, as the browser's network layer counts them."""

    def __init__(self, page: Page):
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.send("Performance.enable")
        self.paths: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.last = time.monotonic()
        self.session.on("Network.requestWillBeSent", self.sent)
        self.session.on("Network.loadingFinished", self.came)
        self.session.on("Network.webSocketCreated", lambda event: self.sent({"requestId": event["requestId"], "request": {"url": event["url"]}}))

    def sent(self, event: dict) -> None:
        url = event["request"]["url"]
        if not url.startswith("data:"):
            self.paths[event["requestId"]] = url.split("/", 3)[-1]
            self.last = time.monotonic()

    def came(self, event: dict) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]
        self.last = time.monotonic()

    def restart(self) -> None:
        self.paths.clear()
        self.sizes.clear()

    def quiet(self, seconds: float = 1) -> None:
        """Until nothing was asked for and nothing came for so long."""
        deadline = time.monotonic() + 30
        while time.monotonic() - self.last < seconds and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)

    @property
    def requests(self) -> int:
        return len(self.paths)

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())

    def bytes_of(self, beginning: str) -> int:
        """Of the answers whose path begins so."""
        return sum(size for id, size in self.sizes.items() if self.paths.get(id, "").startswith(beginning))

    def listing(self) -> str:
        return "\n".join(f"{self.sizes.get(id, 0):8} {path[:110]}" for id, path in self.paths.items())

    def busy(self) -> float:
        """Seconds that the main thread has worked so far."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == "TaskDuration")

    def slow_line(self, latency: int, rate: int) -> None:
        """Milliseconds until the first byte of each answer, and bytes a second."""
        self.session.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate})


def moved(page: Page) -> float:
    """How far what is read has moved since the page came, as the browser counts it."""
    return sum(each["value"] for each in page.evaluate("() => window.moved"))
