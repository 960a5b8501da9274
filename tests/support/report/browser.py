"""A report in a page of a browser."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

WHOLE = ".clusters.whole, .empty"
"""Matches once the page has drawn what it draws."""
VISIBLE = "#table tbody tr:not([hidden])"


@dataclass
class Opened:
    """A report in a page of its own; whatever the page complains about is collected."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def shown(self) -> int:
        """Rows of the table that are not filtered away."""
        return self.page.locator(VISIBLE).count()

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait for what stands over the list."""
        expect(self.page.locator("#shown")).to_have_text(text)

    def names(self, count: int = 5) -> list[str]:
        return self.page.locator(f"{VISIBLE} th button").all_inner_texts()[:count]
