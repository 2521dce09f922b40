"""The page of results: a section a scenario between two marks, and what was aimed at gathered from all of them."""
import dataclasses
import datetime
import os
import platform
import re
import statistics
import sys

from .site import root

page = root / "docs" / "performance.md"
target_head = "| measure | bar | aim | measured |\n|---|---|---|---|\n"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def spread(values: list[float], digits: int = 1) -> str:
    """The median, and lowest and highest where there are several."""
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def ratio(ours: list[dict], theirs: list[dict], key: str) -> list[float]:
    """Of the same rounds: what a minute did to one it did to the other."""
    return [a[key] / b[key] for a, b in zip(ours, theirs)]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


@dataclasses.dataclass
class Target:
    """What a measure must not pass, what it aims at, and what was measured; `wins_by_more`: more is better."""

    measure: str
    bar: float
    aim: float
    values: list[float]
    unit: str = ""
    digits: int = 2
    wins_by_more: bool = False

    def row(self) -> str:
        middle = statistics.median(self.values)
        sign = -1 if self.wins_by_more else 1
        verdict = "aim" if sign * middle <= sign * self.aim else "bar" if sign * middle <= sign * self.bar else "**missed**"
        unit = f" {self.unit}" if self.unit else ""
        return f"| {self.measure} | {self.bar:,g}{unit} | {self.aim:,g}{unit} | {spread(self.values, self.digits)}{unit}, {verdict} |"


def targets(*those: Target) -> list[str]:
    return [*target_head.strip().split("\n"), *(each.row() for each in those)]


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release().split('-')[0]}"


def replace(text: str, name: str, section: str) -> str:
    """Puts a section between its marks."""
    before, begin, rest = text.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end {name} -->")
    if not begin or not end:
        sys.exit(f"docs/performance.md has no place for {name}")
    return f"{before}{begin}{section}\n{end}{after}"


def write(sections: dict[str, str], rounds: int, keep: bool) -> None:
    """Prints the sections; with `keep` they take their places in the page, and the targets are gathered anew."""
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    medians = f"medians of {rounds} rounds unless it says otherwise, lowest and highest in brackets" if rounds > 1 else "one round"
    stamp = f"{when}, {machine()}; {medians}."
    text = page.read_text(encoding="utf-8")
    for name, section in sections.items():
        print(f"\n{section}")
        if keep:
            text = replace(text, name, f"{section}\n\n{stamp}")
    if keep:
        rows = re.findall(re.escape(target_head) + r"((?:\|.*\n)+)", text.split("<!-- end targets -->", 1)[1])
        page.write_text(replace(text, "targets", target_head + "".join(rows).rstrip("\n")), encoding="utf-8")
