"""The pages that explain the repository name what is there, and stay short."""

import re

import pytest

from tests.support.paths import ROOT

PAGES = (
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/style.md",
    "docs/rooms.svg",
    "docs/run.svg",
)
LONGEST = 150
"""Lines of the architecture page: three pages."""
NO_PATHS = {".venv/bin/python", "prod/eu-west-1/shop"}
BASES = (ROOT, ROOT / "eksaddon")
PLACE = re.compile(r"[\w./-]*\w+/[\w./-]*|\b[\w-]+\.(?:py|md|toml|txt|yml|svg)\b")


def named(page: str) -> set[str]:
    """Paths in code spans, links and pictures; relative to the repository or to the package."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if page.endswith(".svg"):
        return set(re.findall(r"[\w/]+\.py\b", text))
    spans = re.findall(r"`([^`\n]+)`|\]\(([^)\s]+)\)", text)
    words = " ".join(part for span in spans for part in span if "://" not in part)
    return set(PLACE.findall(words)) - NO_PATHS


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page):
    places = named(page)
    assert places
    assert [place for place in places if not any((base / place).exists() for base in BASES)] == []


def test_the_architecture_is_read_in_one_sitting():
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_architecture_shows_every_package():
    picture = (ROOT / "docs" / "rooms.svg").read_text(encoding="utf-8")
    packages = [path.parent.name for path in (ROOT / "eksaddon").glob("*/__init__.py")]
    assert [name for name in packages if f">{name}</text>" not in picture] == []


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"make ([a-z]+)\b", text)) - {"and"}
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
