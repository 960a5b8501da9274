"""Reads the accounts file of c7n-org.

Source: CONFIG_SCHEMA and the account handling of cloud-custodian's tools/c7n_org/c7n_org/cli.py. Two
intended differences: there is no default region, and a duplicate account is an error.
"""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from eksaddon.config.account_ids import with_account_ids
from eksaddon.config.entry import build_account, read_regions
from eksaddon.config.errors import ConfigError, fault
from eksaddon.config.model.scalars import WordError
from eksaddon.config.model.scope import Model
from eksaddon.config.model.types import AccountId, C7nRegions, Filled, Roles
from eksaddon.config.model.validate import VALUE, checked
from eksaddon.config.yaml.document import Document, parse_document
from eksaddon.config.yaml.text import read_text
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import path_text
from eksaddon.domain.selection import UNIT
from eksaddon.domain.target import Account, Labels

MISSING = "docs/start.md has an example (`eksdns help start`)"
"""What to do without the file."""


class _File(Model):
    """Ignores unknown keys."""

    model_config = ConfigDict(extra="ignore", alias_generator=None)


class C7nAccountModel(_File):
    account_id: AccountId
    name: Filled = ""
    role: Annotated[Roles, Field(default_factory=list)]
    external_id: Filled = ""
    profile: Filled = ""
    regions: Annotated[C7nRegions, Field(default_factory=list)]
    tags: Annotated[list[str], Field(default_factory=list)]
    vars: Annotated[dict[str, object], Field(default_factory=dict)]


class C7nModel(_File):
    vars: Annotated[dict[str, object], Field(default_factory=dict)]
    accounts: Annotated[list[C7nAccountModel], Field(min_length=1)]


def load_accounts_file(path: Path) -> tuple[Account, ...]:
    """Read a c7n-org accounts file.

    Raises:
        ConfigError: With all errors of the file.
    """
    return parse_accounts_file(read_text(path, missing=MISSING), str(path))


def parse_accounts_file(text: str, source: str) -> tuple[Account, ...]:
    document = parse_document(text, source)
    model = checked(C7nModel, with_account_ids(document, "account_id"))
    faults: list[Diagnostic] = []
    found: dict[str, Account] = {}
    for index, entry in enumerate(model.accounts):
        if entry.account_id in found:
            summary = f"duplicate account {entry.account_id}"
            faults.append(_fault(document, index, WordError(summary, "remove one of them", "account_id")))
            continue
        try:
            found[entry.account_id] = _account(entry, model.vars)
        except WordError as error:
            faults.append(_fault(document, index, error))
    if faults:
        raise ConfigError(faults)
    return tuple(found.values())


def _account(entry: C7nAccountModel, shared: dict[str, object]) -> Account:
    """A role takes precedence over a profile and is assumed with the current credentials, as in c7n-org."""
    if not entry.role and not entry.profile:
        raise WordError("neither role nor profile", "set a role or a profile for the account")
    return build_account(
        entry.account_id,
        entry.name,
        roles=entry.role,
        external_id=entry.external_id if entry.role else "",
        profile="" if entry.role else entry.profile,
        regions=read_regions(entry.regions),
        labels=account_labels(entry.tags, {**shared, **entry.vars}),
    )


def account_labels(tags: list[str], variables: dict[str, object]) -> Labels:
    """Labels from tags (`key:value`, or a key without value) and variables; tags take precedence."""
    pairs = [(key.strip(), value.strip()) for key, _, value in (tag.partition(":") for tag in tags)]
    named = {key for key, _ in pairs}
    plain = [
        (key, str(value).lower() if isinstance(value, bool) else str(value))
        for key, value in variables.items()
        if key not in named and key != UNIT and isinstance(value, (str, int, float))
    ]
    return tuple(sorted({*pairs, *plain}))


def _fault(document: Document, index: int, error: WordError) -> Diagnostic:
    path = ("accounts", index)
    place = document.place((*path, error.below) if error.below else path)
    return fault(place.value, VALUE, f"{path_text(path)}: {error.summary}", error.hint)
