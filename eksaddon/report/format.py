"""Names of formats, apart from what renders them, so that the command line can list them at no cost."""

from enum import StrEnum


class Format(StrEnum):
    """Formats of `-o` and `--report`."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"
    MARKDOWN = "markdown"
    COMMENT = "comment"
    JUNIT = "junit"
    SARIF = "sarif"
    HTML = "html"
    GITHUB = "github"
