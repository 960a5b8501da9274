"""Before the program is loaded, and after its end."""

import signal
import subprocess
import sys

from tests.support.paths import ROOT

SLOW = """
import sys
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            print("importing", flush=True)
            sys.stdin.read()
sys.meta_path.insert(0, Slow())
from eksaddon.start import entry
entry()
"""


def test_an_interruption_while_the_program_is_loaded_prints_no_traceback():
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, "--version"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "importing\n"
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, "error: interrupted\n")


ENDED = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 100_000))
from eksaddon.start import entry
entry()
"""


def test_nothing_is_searched_for_cycles_at_the_end_and_handlers_still_run():
    found = subprocess.run(
        [sys.executable, "-c", ENDED, "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[1:] == ["True True"]


def test_the_console_script_starts_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'eksdns = "eksaddon.start:entry"' in text
