"""What is known of the release that runs: version, commit and container image."""

import json
from importlib.metadata import distribution, version
from importlib.resources import files

from eksaddon.regex import regex

COMMIT_FILE = "commit"
"""File in the package of a release with the commit that it was built from."""


IMAGE_FILE = "image"
"""File in the package of a release with the reference of its container image.

The wheel in the image is without it: an image cannot contain its own digest.
"""

BY_DIGEST = regex(r"[a-z0-9._:/-]+@sha256:[0-9a-f]{64}")


GIT_URL = regex(r"(?:https://|ssh://git@)github\.com/eksdns/eksdns(?:\.git)?/?")
GIT_COMMIT = regex(r"[0-9a-f]{40}")


def released_commit() -> str:
    """Commit of this release, or of the repository from which it was installed; empty for any other build."""
    found = files("eksaddon").joinpath(COMMIT_FILE)
    if found.is_file():
        return found.read_text(encoding="ascii").strip()
    return cloned_commit(distribution("eksaddon").read_text("direct_url.json") or "")


def cloned_commit(direct_url: str) -> str:
    """Commit of an installation from the project's repository, such as `pip install git+https://...`.

    Args:
        direct_url: What the installer wrote (source: packaging.python.org, "Direct URL Data Structure");
            empty for an installation from an index.
    """
    try:
        document = json.loads(direct_url)
        url, commit = document["url"], document["vcs_info"]["commit_id"]
        is_ours = GIT_URL.fullmatch(url) and GIT_COMMIT.fullmatch(commit)
    except (ValueError, KeyError, TypeError):
        return ""
    return str(commit) if is_ours else ""


def released_image() -> str:
    """Image of this release, by digest; empty if not a release, or built without one."""
    found = files("eksaddon").joinpath(IMAGE_FILE)
    text = found.read_text(encoding="ascii").strip() if found.is_file() else ""
    return text if BY_DIGEST.fullmatch(text) else ""


def release() -> str:
    return version("eksaddon")
