"""Names of formats; a module of its own, so that the command line does not import the renderers."""

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
