"""The files of `configs/`: examples, and templates for the access that eksdns needs."""

from importlib.resources import files


def packaged(path: str) -> str:
    """Read one: in the package where that was installed, beside the package in a checkout.

    Args:
        path: Below `configs/`, as `access/hub.yaml`.
    """
    package = files("eksaddon")
    installed = package / "configs"
    folder = installed if installed.is_dir() else package / ".." / "configs"
    return (folder / path).read_text(encoding="utf-8")
