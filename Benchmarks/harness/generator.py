"""The compiled load generator, in a process of its own."""
import json
import subprocess
import sys

from .site import build


def command(scenario: str, port: int, server: int, **options) -> list[str]:
    words = [str(build / "generate"), scenario, "--port", str(port), "--server", str(server)]
    for name, value in options.items():
        name = name.replace("_", "-")
        if value is not False:
            words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def generate(scenario: str, port: int, server: int, **options) -> dict:
    """Runs it to its end. Options are the command line's; True is an option without a value."""
    result = subprocess.run(command(scenario, port, server, **options), capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"generate {scenario}: {result.stderr.strip() or result.stdout.strip()}")
    return json.loads(result.stdout.splitlines()[-1])


def start(scenario: str, port: int, server: int, idly: bool = False, **options) -> subprocess.Popen:
    """Runs it beside others, `idly` on what the others leave of the cores; `finish` takes its result."""
    words = command(scenario, port, server, **options)
    return subprocess.Popen(["chrt", "--idle", "0", *words] if idly else words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> dict:
    output, errors = process.communicate()
    if process.returncode != 0:
        sys.exit(f"generate: {errors.strip() or output.strip()}")
    return json.loads(output.splitlines()[-1])
