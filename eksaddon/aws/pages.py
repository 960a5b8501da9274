"""Reads all pages of a list, or fails."""

from collections.abc import Callable, Mapping

from eksaddon.domain.cause import Cause, Trouble

Reply = Mapping[str, object]
"""A response that matches the service model; any member can be absent."""


def all_pages(
    fetch: Callable[[str], Reply | Trouble], *, operation: str, member: str, marker: str
) -> tuple[object, ...] | Trouble:
    """Collect all items; a page without its list, or a failed page, is a Trouble.

    Args:
        fetch: Reads the page for a token; the first for an empty token.
        member: Key of the list in a page.
        marker: Key of the next page's token.
    """
    found: list[object] = []
    seen = {""}
    after = ""
    while True:
        page = fetch(after)
        if isinstance(page, Trouble):
            return page
        items = page.get(member)
        if not isinstance(items, list):
            return unreadable(operation, member)
        found.extend(items)
        after = str(page.get(marker) or "")
        if not after:
            return tuple(found)
        if after in seen:
            return unreadable(operation, "end: the same page was returned twice")
        seen.add(after)


def unreadable(operation: str, wanted: str) -> Trouble:
    return Trouble(Cause.UNREADABLE, f"the response of {operation} has no {wanted}", operation=operation)
