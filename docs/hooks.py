"""Puts the pages of the repository's root into the site, and rewrites links that leave docs/.

On GitHub every page is read where it is; the site has the same pages, so none is written twice.
"""

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/eksdns/eksdns"
PAGES = {
    "index.md": "README.md",
    "architecture.md": "ARCHITECTURE.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    "changelog.md": "CHANGELOG.md",
}
"""Page of the site -> file of the repository's root."""

_INLINE = re.compile(r"(?<=\]\()(?P<target>[^)\s]+)(?=\))")
_REFERENCE = re.compile(r"(?<=\]: )(?P<target>\S+)$", re.MULTILINE)
_SOURCE = re.compile(r'(?<=srcset=")(?P<target>[^"]+)(?=")|(?<=src=")(?P<address>[^"]+)(?=")')
_CODE = re.compile(r"(?<!<pre>)(?<!</span>)<code>[^<]*</code>")
"""In a line of text or in a table; blocks have their code in `pre`."""
_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
_LOADS = r'<(?:script|img|iframe|source|link rel="(?:stylesheet|preconnect|icon)")[^>]*?(?:src|href)='
_OUTSIDE = re.compile(_LOADS + r'"(?:https?:)?//[^"]+"')
_BLOB = re.compile(re.escape(REPOSITORY) + r"/(?:blob|tree|raw)/main/(?P<path>[^#?]*)(?P<rest>.*)")


def on_files(files: "Files", config: "MkDocsConfig", **_: object) -> "Files":
    """Adds the pages of the repository's root."""
    from mkdocs.structure.files import File

    for page, source in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=for_site(text, folder="")))
    return files


def on_page_markdown(markdown: str, page: "Page", **_: object) -> str:
    """The page with its links for the site; pages of the root have them already."""
    return markdown if page.file.src_uri in PAGES else for_site(markdown, folder="docs")


def on_page_content(html: str, **_: object) -> str:
    """The page with the names of options in words of a line, which browsers would break after a hyphen."""
    return _CODE.sub(lambda found: _OPTION.sub(r'<span class="option">\g<0></span>', found[0]), html)


def on_post_page(output: str, page: "Page", **_: object) -> str:
    """The page as it is.

    Raises:
        PluginError: It loads something from another host.
    """
    from mkdocs.exceptions import PluginError

    if (found := _OUTSIDE.search(output)) is not None:
        raise PluginError(f"{page.file.src_uri}: an asset of another host: {found[0]}")
    return output


def for_site(text: str, *, folder: str) -> str:
    """Markdown of a file in that folder of the repository, with links for the site."""
    for pattern in (_INLINE, _REFERENCE, _SOURCE):
        text = pattern.sub(lambda found: _link(found[0], folder), text)
    return text


def _link(target: str, folder: str) -> str:
    if (blob := _BLOB.fullmatch(target)) is not None:
        path, rest = blob["path"], blob["rest"]
    elif "://" in target or target.startswith(("#", "mailto:")):
        return target
    else:
        plain, mark, anchor = target.partition("#")
        path, rest = posixpath.normpath(posixpath.join(folder, plain)), mark + anchor
    return _on_site(path, rest) or f"{REPOSITORY}/{_kind(path)}/main/{path}{rest}"


def _on_site(path: str, rest: str) -> str | None:
    """Relative to the root of the site, which has all pages; None for what is not on the site."""
    for page, source in PAGES.items():
        if path == source:
            return page + rest
    inside = path.removeprefix("docs/")
    if inside == path or not (ROOT / path).is_file() or path.endswith(".py"):
        return None
    return inside + rest


def _kind(path: str) -> str:
    return "tree" if (ROOT / path).is_dir() else "blob"
