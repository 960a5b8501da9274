"""The keys for accounts, organization, known clusters and `match`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from eksaddon.config.model.types import (
    AccountId,
    ClusterName,
    Filled,
    Globs,
    Label,
    Region,
    RegionGlobList,
    Regions,
    Roles,
    own_error,
)


class Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=to_camel, defer_build=True)


class MatchModel(Model):
    """Selects clusters: every key must match, with at least one entry of a list; * and ? are wildcards."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    cluster: Annotated[Globs, Field(default_factory=list, description="Cluster names.")]
    account: Annotated[Globs, Field(default_factory=list, description="Account IDs or names.")]
    region: Annotated[Globs, Field(default_factory=list, description="Regions.")]
    labels: Annotated[
        dict[str, Globs],
        Field(
            default_factory=dict,
            min_length=1,
            description="Labels that the cluster or its account must have, all of them.",
        ),
    ]
    ou: Annotated[
        Globs,
        Field(
            default_factory=list,
            description="Organizational units such as /Workloads/Prod, including their descendants.",
        ),
    ]

    @model_validator(mode="after")
    def _not_empty(self) -> "MatchModel":
        if not self.model_fields_set:
            raise own_error("`match` is empty", "add a criterion, or use the main block instead")
        return self


class AccountModel(Model):
    """An AWS account and its credentials."""

    id: Annotated[AccountId, Field(description="Twelve digits, quoted.")]
    name: Annotated[Filled, Field(description="Name shown in output.")] = ""
    role: Annotated[
        Roles,
        Field(
            default_factory=list,
            description="Role to assume: a name in the account, a full ARN, or a chain of ARNs.",
        ),
    ]
    external_id: Annotated[Filled, Field(description="External ID of the role's trust policy.")] = ""
    profile: Annotated[
        Filled, Field(description="AWS profile to use instead of a role, or to assume the role.")
    ] = ""
    regions: Annotated[
        Regions,
        Field(
            default_factory=list,
            description="Regions or globs to search, or `all` for every enabled region.",
        ),
    ]
    exclude_regions: Annotated[
        RegionGlobList, Field(default_factory=list, description="Regions or globs to exclude from `regions`.")
    ]
    labels: Annotated[
        dict[str, Label], Field(default_factory=dict, description="Labels for match, select and --label.")
    ]


class OrganizationModel(Model):
    """Use the accounts of AWS Organizations; requires the management account or a delegated administrator."""

    role: Annotated[Roles, Field(description="Role to assume in every account.")]
    external_id: Annotated[Filled, Field(description="External ID of the role's trust policy.")] = ""
    profile: Annotated[Filled, Field(description="AWS profile of the organization.")] = ""
    ous: Annotated[
        list[Filled],
        Field(
            default_factory=list,
            description="Organizational units by path or ID, including their descendants.",
        ),
    ]
    exclude_accounts: Annotated[
        list[Filled], Field(default_factory=list, description="Account IDs or names to exclude.")
    ]
    account_tags: Annotated[
        dict[str, Label],
        Field(default_factory=dict, description="Tags that an account must have, all of them."),
    ]
    regions: Annotated[
        Regions,
        Field(
            default_factory=list,
            description="Regions or globs to search, or `all` for every enabled region.",
        ),
    ]
    exclude_regions: Annotated[
        RegionGlobList, Field(default_factory=list, description="Regions or globs to exclude from `regions`.")
    ]


class ClusterModel(Model):
    """A cluster that must exist; it is reported if it is not found."""

    name: Annotated[ClusterName, Field(description="The cluster's name.")]
    account: Annotated[Filled, Field(description="ID or name of the account.")] = ""
    region: Annotated[Region, Field(description="Region of the cluster.")] = ""
    labels: Annotated[
        dict[str, Label],
        Field(
            default_factory=dict,
            description="Labels for match, select and --label; they override the account's labels.",
        ),
    ]
