"""Files of `configs/`: examples, and policy templates."""

from importlib.resources import files


def packaged(path: str) -> str:
    """Read a file from the installed package, or next to the package in a checkout.

    Args:
        path: Path below `configs/`, such as `access/hub.yaml`.
    """
    package = files("eksaddon")
    installed = package / "configs"
    folder = installed if installed.is_dir() else package / ".." / "configs"
    return (folder / path).read_text(encoding="utf-8")
