"""The pages of `docs/`, offline."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from eksaddon.app.packaged import packaged_folder
from eksaddon.domain.errors import unknown_name
from eksaddon.frozen import dataclass

FOR_DEVELOPERS = frozenset({"style"})
"""Pages about the code."""

_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Topic:
    """A page.

    Attributes:
        name: Its file without suffix, such as `rollout`.
        title: Its first heading.
    """

    name: str
    title: str


def topics() -> tuple[Topic, ...]:
    """All pages, by name."""
    found = (Topic(name, _title(file.read_text(encoding="utf-8"))) for name, file in _pages())
    return tuple(sorted(found, key=lambda topic: topic.name))


def topic_names() -> tuple[str, ...]:
    """As in `topics`, without reading the pages."""
    return tuple(sorted(name for name, _ in _pages()))


def page(name: str, others: tuple[str, ...] = ()) -> str:
    """Markdown of a page.

    Args:
        others: Names that are not topics, but may be what the user wanted.

    Raises:
        EksdnsError: There is no such page.
    """
    pages = dict(_pages())
    if name not in pages:
        raise unknown_name(f"no help for {name!r}", name, (*pages, *others))
    return pages[name].read_text(encoding="utf-8")


def _pages() -> Iterator[tuple[str, Traversable]]:
    for entry in packaged_folder("docs").iterdir():
        name = entry.name.removesuffix(_SUFFIX)
        if entry.name.endswith(_SUFFIX) and name not in FOR_DEVELOPERS:
            yield name, entry


def _title(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.startswith("# ")), "")
    return heading.removeprefix("# ").replace("`", "")
