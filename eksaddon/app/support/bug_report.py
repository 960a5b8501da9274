"""A report of a bug: versions, this machine, the fleet file's outline and the last run's summary."""

import platform
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from eksaddon import __version__
from eksaddon.app.runs.rollout import load_run
from eksaddon.app.support.outline import TEXT, outline, shown
from eksaddon.app.wiring import open_run_store
from eksaddon.config.errors import ConfigError
from eksaddon.config.load import USUAL_PLACES, find_fleet_file, load_fleet
from eksaddon.config.yaml.document import parse_document
from eksaddon.config.yaml.text import read_text
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.run.progress import RunProgress
from eksaddon.regex import regex

_VARIABLE = regex(
    r"EKSDNS_[A-Z_]+|AWS_[A-Z0-9_]+|XDG_[A-Z]+_HOME|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|CI|TERM"
    r"|REQUESTS_CA_BUNDLE|GITHUB_ACTIONS|GITLAB_CI|LANG|LC_ALL|COLUMNS|NO_COLOR|FORCE_COLOR|CLICOLOR_FORCE"
    r"|PYTHON[A-Z]+|VIRTUAL_ENV",
    re.IGNORECASE,
)
_HARMLESS = frozenset(
    {
        *("true", "false", "yes", "no", "on", "off", "C", "C.UTF-8", "en_US.UTF-8"),
        *("dumb", "linux", "screen", "screen-256color", "tmux-256color", "xterm", "xterm-256color"),
    }
)
_SECRET = regex(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def bug_report(
    config: Path | None, state: str, environ: Mapping[str, str], folder: Path, streams: Mapping[str, str]
) -> str:
    """Markdown without names of clusters, accounts, paths and other texts of the user.

    Args:
        state: Where runs are recorded; empty for the usual folder.
        streams: What is known about the terminal, by name.
    """
    sections = {
        "Versions": _versions(),
        "Environment": _environment(environ),
        "Terminal": [f"- {name}: {value}" for name, value in streams.items()],
        "Fleet file": _fleet_file(config, environ, folder),
        "Last run": _last_run(state),
    }
    body = "\n\n".join("\n".join((f"## {title}", "", *lines)) for title, lines in sections.items())
    head = "# eksdns bug report\n\nWhat happened, what was expected, and the exact command line:\n\n..."
    return f"{head}\n\n{body}\n"


def _versions() -> list[str]:
    return [
        f"- eksdns: {__version__}, installed by {_installer()}",
        f"- Python: {platform.python_version()} ({platform.python_implementation()})",
        f"- platform: {platform.platform()}",
        *(f"- {name}: {_version(name)}" for name in sorted(_requirements())),
    ]


def _installer() -> str:
    try:
        name = (distribution("eksaddon").read_text("INSTALLER") or "").strip()
    except PackageNotFoundError:
        return "nothing: it runs from a folder"
    return name if name in {"pip", "uv", "poetry", "pdm", "conda"} else "an unknown installer"


def _requirements() -> Iterable[str]:
    try:
        lines = distribution("eksaddon").requires or ()
    except PackageNotFoundError:
        return ()
    return {found[0] for line in lines if "extra ==" not in line and (found := _NAME.match(line))}


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return "missing"


def _environment(environ: Mapping[str, str]) -> list[str]:
    """Names that change what eksdns does; values only where they cannot be a secret."""
    known = sorted(name for name in environ if _VARIABLE.fullmatch(name))
    return [f"- {name}: {_value(name, environ[name])}" for name in known] or ["- none that matters is set"]


def _value(name: str, text: str) -> str:
    if _SECRET.search(name):  # a short number could be one as well
        return TEXT
    return text if text in _HARMLESS else shown(text)


def _fleet_file(config: Path | None, environ: Mapping[str, str], folder: Path) -> list[str]:
    path = find_fleet_file(config, environ, folder)
    if path is None:
        return ["- none"]
    usual = next((place for place in USUAL_PLACES if path == folder / place), "named by option or variable")
    try:
        document = parse_document(read_text(path), "fleet file")
    except ConfigError as error:
        rules = sorted({each.rule for each in error.diagnostics})
        return [f"- {usual}", f"- cannot be read: {', '.join(rules)}"]
    return [f"- {usual}, {_validity(path)}", "", "```yaml", outline(document.value), "```"]


def _validity(path: Path) -> str:
    try:
        load_fleet(path)
    except ConfigError as error:
        return f"invalid: {_listed(Counter(each.rule for each in error.diagnostics))}"
    return "valid"


def _last_run(state: str) -> list[str]:
    try:
        store = open_run_store(state)
        known = store.runs()
        return _summary(load_run(store, known[-1]), len(known)) if known else ["- no run is recorded"]
    except (EksdnsError, OSError, ValueError, OverflowError) as error:  # a damaged journal can hold any time
        return [f"- cannot be read: {type(error).__name__}"]


def _summary(run: RunProgress, recorded: int) -> list[str]:
    opened = datetime.fromtimestamp(run.opened.at, UTC)
    causes = Counter(
        trouble.cause.value
        for each in run.targets.values()
        if (trouble := getattr(each.outcome, "trouble", None)) is not None
    )
    waves = Counter(wave.state.value for wave in run.waves)
    return [
        f"- recorded runs: {recorded}",
        f"- state: {run.state.value}, {'with' if run.reason else 'without'} a reason",
        f"- opened: {opened:%Y-%m-%dT%H:%M:%SZ} by eksdns {shown(run.opened.tool)}",
        f"- targets: {len(run.targets)}: {_listed(run.counts)}",
        f"- waves: {len(run.waves)}: {_listed(waves)}",
        f"- causes of failures: {_listed(causes)}",
        f"- targets with an announced write without a result: {len(run.left_open)}",
    ]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counts.items())) or "none"
