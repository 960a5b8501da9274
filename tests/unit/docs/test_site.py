"""The documentation site without its generator: pages are in the navigation, and links lead somewhere."""

import posixpath
import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.paths import ROOT


def _hooks() -> Any:
    spec = spec_from_file_location("site_hooks", ROOT / "docs" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOOKS = _hooks()
SITE: Any = YAML().load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
PAGES = sorted((ROOT / "docs").glob("*.md"))
SOURCES = [*PAGES, *(ROOT / name for name in HOOKS.PAGES.values()), ROOT / "README.ko.md"]
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\((?P<inline>[^)\s]+)\)|^\[[^\]]+\]: (?P<reference>\S+)$", re.MULTILINE)


def entries(nav: Any) -> Iterator[str]:
    for entry in nav:
        for target in entry.values():
            if isinstance(target, str):
                yield target
            else:
                yield from entries(target)


def links(text: str) -> list[str]:
    return [
        found["inline"] or found["reference"] for found in LINK.finditer(SPAN.sub("", FENCED.sub("", text)))
    ]


def anchors(text: str) -> set[str]:
    """Of all headings, as GitHub and the site make them."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower() for title in titles]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in plain}


def test_every_page_is_in_the_navigation_once_and_every_entry_is_a_page():
    listed = [entry for entry in entries(SITE["nav"]) if "://" not in entry]
    assert sorted(listed) == sorted({*(path.name for path in PAGES), *HOOKS.PAGES})


def test_every_picture_of_the_pages_is_in_docs():
    for path in PAGES:
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert (ROOT / "docs" / target).is_file(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_every_anchor_to_a_heading(path):
    broken = []
    for link in links(path.read_text(encoding="utf-8")):
        inside = re.sub(rf"^{re.escape(HOOKS.REPOSITORY)}/(?:blob|tree|raw)/main/", f"{ROOT}/", link)
        if "://" in inside or inside.startswith("mailto:"):
            continue
        name, _, anchor = inside.partition("#")
        target = (path.parent / name) if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_links_on_the_site_stay_on_it_where_the_page_is_on_it(path):
    folder = "docs" if path.parent.name == "docs" else ""
    known = {*HOOKS.PAGES, *(page.name for page in (ROOT / "docs").iterdir())}
    for link in links(HOOKS.for_site(path.read_text(encoding="utf-8"), folder=folder)):
        if "://" not in link and not link.startswith("#"):
            assert posixpath.normpath(link.partition("#")[0]) in known, link


@pytest.mark.parametrize(
    ("text", "folder", "expected"),
    [
        ("[a](values.md#rule)", "docs", "[a](values.md#rule)"),
        ("[a](../SECURITY.md)", "docs", "[a](security.md)"),
        ("[a](../configs)", "docs", f"[a]({HOOKS.REPOSITORY}/tree/main/configs)"),
        ("[a](../configs/fleet.yaml)", "docs", f"[a]({HOOKS.REPOSITORY}/blob/main/configs/fleet.yaml)"),
        ("[a](docs/style.md)", "", "[a](style.md)"),
        (f"[a]: {HOOKS.REPOSITORY}/blob/main/docs/why.md", "", "[a]: why.md"),
        (f"![a]({HOOKS.REPOSITORY}/raw/main/docs/audit.svg)", "", "![a](audit.svg)"),
        (f"[a]({HOOKS.REPOSITORY}/blob/main/ARCHITECTURE.md#x)", "", "[a](architecture.md#x)"),
        ("[a](https://example.org/b.md) [b](#c)", "docs", "[a](https://example.org/b.md) [b](#c)"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(text, folder, expected):
    assert HOOKS.for_site(text, folder=folder) == expected


@pytest.mark.parametrize(
    ("html", "outside"),
    [
        ('<script src="assets/a.js"></script>', False),
        ('<a href="https://example.org">', False),
        ('<link rel="canonical" href="https://example.org">', False),
        ('<script src="https://example.org/a.js"></script>', True),
        ('<img alt="" src="//example.org/a.png">', True),
        ('<link rel="stylesheet" href="https://example.org/a.css">', True),
    ],
)
def test_a_page_that_loads_something_from_another_host_is_found(html, outside):
    assert bool(HOOKS._OUTSIDE.search(html)) is outside


def test_the_site_loads_no_font_and_no_figures_of_another_host():
    assert SITE["theme"]["font"] is False
    assert "repo_url" not in SITE, "its page asks GitHub's API for stars"


def test_the_korean_start_page_has_the_commands_of_the_english_one():
    english, korean = (
        re.findall(
            r"^```sh\n(.*?)^```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        for name in ("start.md", "start.ko.md")
    )
    assert [block for block in korean if "timeline" not in block] == english


def test_the_names_of_options_are_not_broken_after_a_hyphen():
    line = "<p><code>plan --fail-on drift -o json</code> in-cluster</p>"
    assert HOOKS.on_page_content(line) == (
        '<p><code>plan <span class="option">--fail-on</span> drift <span class="option">-o</span> json</code>'
        " in-cluster</p>"
    )
    for block in ("<pre><code>plan --all</code></pre>", "<pre><span></span><code>plan --all</code></pre>"):
        assert HOOKS.on_page_content(block) == block
