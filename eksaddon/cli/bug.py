"""The message about a bug."""

from eksaddon import __version__

ISSUES = "https://github.com/eksdns/eksdns/issues"
REPORT = f"report it at {ISSUES}"


def bug_text(error: str) -> str:
    return f"this is a bug in eksdns {__version__}: {error}"
