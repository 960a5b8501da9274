"""Finds and reads the fleet file."""

from collections.abc import Mapping
from pathlib import Path

from eksaddon.config.fleet import CONSENTS, FleetFile, Settings
from eksaddon.config.yaml.text import read_text
from eksaddon.domain.errors import EksdnsError, ExitCode

VARIABLE = "EKSDNS_CONFIG"
USUAL_PLACES = ("eksdns.yaml", "configs/eksdns.yaml")


def find_fleet_file(config: Path | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """Path of the fleet file: `config`, else the environment variable's, else a default name in `folder`."""
    if config is not None:
        return config
    if named := environ.get(VARIABLE):
        return Path(named)
    return next((path for place in USUAL_PLACES if (path := folder / place).is_file()), None)


def load_fleet(path: Path) -> FleetFile:
    """Read and check a fleet file.

    Raises:
        ConfigError: With all errors of the file.
    """
    return parse_fleet(read_text(path), str(path))


def parse_fleet(text: str, source: str) -> FleetFile:
    """Validate the text of a fleet file.

    Raises:
        ConfigError: With all errors of the file.
    """
    from eksaddon.config.account_ids import with_account_ids  # noqa: PLC0415  # as below
    from eksaddon.config.build import build_fleet  # noqa: PLC0415  # pydantic and YAML cost 300 ms
    from eksaddon.config.corefile_file import with_corefile_files  # noqa: PLC0415  # as below
    from eksaddon.config.model.fleet_model import FleetModel  # noqa: PLC0415
    from eksaddon.config.model.validate import checked  # noqa: PLC0415
    from eksaddon.config.yaml.document import parse_document  # noqa: PLC0415

    document = with_corefile_files(parse_document(text, source))
    return build_fleet(checked(FleetModel, with_account_ids(document, "id")), document)


def fleet_for(flags: Settings, *, config: Path | None, environ: Mapping[str, str], folder: Path) -> FleetFile:
    """Load the fleet file; without one, return an empty fleet for the flags to fill.

    Raises:
        ConfigError: With all errors of the file.
        EksdnsError: Neither a file nor a flag sets a desired value.
    """
    path = find_fleet_file(config, environ, folder)
    fleet = load_fleet(path) if path else FleetFile()
    if any(setting.keys[0] not in CONSENTS for setting in (*fleet.all_settings, *flags)):
        return fleet
    where = (
        (f"{fleet.source} defines no desired state")
        if path
        else "no fleet file found, and no desired state given by flags"
    )
    raise EksdnsError(
        where,
        hint="create one with `eksdns init`, set --config, or set a field (example: --lameduck 20s)",
        exit_code=ExitCode.USAGE,
    )
