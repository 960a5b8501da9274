"""Names of formats, apart from what renders them, so that the command line can list them at no cost."""

from enum import StrEnum


class Format(StrEnum):
    """What `-o` and `--report` take."""

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
