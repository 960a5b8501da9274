"""Files that are packaged: examples and policy templates of `configs/`, and the pages of `docs/`."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def packaged(path: str) -> str:
    """Read a file from the installed package, or next to the package in a checkout.

    Args:
        path: Path below `configs/`, such as `access/hub.yaml`.
    """
    return (packaged_folder("configs") / path).read_text(encoding="utf-8")


def packaged_folder(name: str) -> Traversable:
    """A folder of the installed package, or of the checkout around it."""
    package = files("eksaddon")
    installed = package / name
    return installed if installed.is_dir() else package / ".." / name
