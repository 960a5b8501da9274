"""Amazon EC2: regions, attributes of VPCs, network interfaces, security groups and network ACLs."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.regex import regex
from eksaddon.sim.accounts.network import (
    cluster_group,
    interfaces,
    network_acl,
    other_group,
    security_groups,
    vpc_id,
)
from eksaddon.sim.accounts.regions import region_states
from eksaddon.sim.api.request import ApiRequest, page
from eksaddon.sim.http.messages import RefusalError
from eksaddon.sim.resources import Cluster, Estate

_OPT_IN_WORDS = {
    "ENABLED_BY_DEFAULT": "opt-in-not-required",
    "ENABLED": "opted-in",
    "DISABLED": "not-opted-in",
}
_FEWEST_PER_PAGE, _MOST_PER_PAGE, _MOST_VALUES = 5, 1000, 200
_FILTER = regex(r"Filter\.(\d+)\.(Name|Value\.\d+)")


class Ec2:
    """Implements the operations."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {
            "DescribeNetworkAcls": self.describe_network_acls,
            "DescribeNetworkInterfaces": self.describe_network_interfaces,
            "DescribeRegions": self.describe_regions,
            "DescribeSecurityGroups": self.describe_security_groups,
            "DescribeVpcAttribute": self.describe_vpc_attribute,
        }

    def describe_regions(self, request: ApiRequest) -> JsonObject:
        everything = request.text("AllRegions") == "true"
        items: list[Json] = [
            {
                "regionName": name,
                "regionEndpoint": f"ec2.{name}.amazonaws.com",
                "optInStatus": _OPT_IN_WORDS[state],
            }
            for name, state in region_states(request.caller.account)
            if everything or state != "DISABLED"
        ]
        return {"regionInfo": items}

    def describe_vpc_attribute(self, request: ApiRequest) -> JsonObject:
        vpc, attribute = request.required("VpcId"), request.required("Attribute")
        cluster = next((one for one in self._clusters(request) if vpc_id(one.ref) == vpc), None)
        if cluster is None:
            raise RefusalError(400, "InvalidVpcID.NotFound", f"The vpc ID '{vpc}' does not exist")
        return {"vpcId": vpc, attribute: {"value": str(cluster.has_vpc_dns).lower()}}

    def describe_network_interfaces(self, request: ApiRequest) -> JsonObject:
        """By filters; the simulator knows those that eksdns uses."""
        filters = dict(_filters(request))
        vpcs = filters.get("vpc-id")
        found = {
            str(one["networkInterfaceId"]): one
            for cluster in self._clusters(request)
            if vpcs is None or vpc_id(cluster.ref) in vpcs
            for one in interfaces(cluster, self._estate.workload(cluster.ref).placement.nodes)
            if all(_matches(one, name, values) for name, values in filters.items())
        }
        size = _page_size(request)
        try:
            cut = page(sorted(found), size=size, token=request.text("NextToken"), what=request.operation)
        except ValueError as error:
            raise _invalid("Unable to parse pagination token") from error
        items: list[Json] = [found[each] for each in cut.items]
        return {"networkInterfaceSet": items} | ({"nextToken": cut.token} if cut.token else {})

    def describe_network_acls(self, request: ApiRequest) -> JsonObject:
        """By VPC."""
        filters = dict(_filters(request))
        unknown = next((name for name in filters if name != "vpc-id"), None)
        if unknown is not None:
            raise _invalid(f"The filter '{unknown}' is invalid")
        vpcs = filters.get("vpc-id")
        found = {
            vpc_id(cluster.ref): network_acl(cluster, self._estate.workload(cluster.ref).placement.nodes)
            for cluster in self._clusters(request)
            if vpcs is None or vpc_id(cluster.ref) in vpcs
        }
        try:
            cut = page(
                sorted(found),
                size=_page_size(request),
                token=request.text("NextToken"),
                what=request.operation,
            )
        except ValueError as error:
            raise _invalid("Unable to parse pagination token") from error
        items: list[Json] = [found[each] for each in cut.items]
        return {"networkAclSet": items} | ({"nextToken": cut.token} if cut.token else {})

    def describe_security_groups(self, request: ApiRequest) -> JsonObject:
        """By id, without paging."""
        if request.text("MaxResults"):
            raise RefusalError(
                400,
                "InvalidParameterCombination",
                "The parameter groupIds cannot be used with the parameter maxResults",
            )
        wanted = [str(value) for name, value in request.params.items() if name.startswith("GroupId.")]
        known = {
            str(one["groupId"]): one
            for cluster in self._clusters(request)
            if not wanted or {cluster_group(cluster.ref), other_group(cluster.ref)} & set(wanted)
            for one in security_groups(cluster)
        }
        for group in wanted:
            if group not in known:
                raise RefusalError(
                    400, "InvalidGroup.NotFound", f"The security group '{group}' does not exist"
                )
        return {"securityGroupInfo": [known[group] for group in wanted or known]}

    def _clusters(self, request: ApiRequest) -> Sequence[Cluster]:
        """Clusters of the region that have a VPC."""
        found = self._estate.clusters_in(request.scope).values()
        return [cluster for cluster in found if not cluster.connector]


def _filters(request: ApiRequest) -> Iterator[tuple[str, Sequence[str]]]:
    """Names and values of `Filter.N.Name` and `Filter.N.Value.M`."""
    parts: dict[str, dict[str, str]] = {}
    for key, value in request.params.items():
        found = _FILTER.fullmatch(key)
        if found:
            parts.setdefault(found[1], {})[found[2]] = str(value)
    if sum(len(each) - 1 for each in parts.values()) > _MOST_VALUES:
        raise RefusalError(
            400, "FilterLimitExceeded", f"The maximum number of filter values is {_MOST_VALUES}"
        )
    for each in parts.values():
        yield each.get("Name", ""), [value for key, value in each.items() if key != "Name"]


def _matches(interface: JsonObject, name: str, values: Sequence[str]) -> bool:
    kind, _, key = name.partition(":")
    match kind:
        case "vpc-id":
            return interface["vpcId"] in values
        case "attachment.instance-id":
            return _member(interface["attachment"], "instanceId") in values
        case "addresses.private-ip-address":
            return any(
                _member(each, "privateIpAddress") in values
                for each in _list(interface, "privateIpAddressesSet")
            )
        case "ipv6-addresses.ipv6-address":
            return False
        case "tag":
            return any(
                _member(each, "key") == key and _member(each, "value") in values
                for each in _list(interface, "tagSet")
            )
        case _:
            raise _invalid(f"The filter '{name}' is invalid")


def _list(document: JsonObject, name: str) -> list[Json]:
    value = document[name]
    return value if isinstance(value, list) else []


def _member(document: Json, name: str) -> str:
    return str(document.get(name)) if isinstance(document, dict) else ""


def _page_size(request: ApiRequest) -> int:
    text = request.text("MaxResults") or str(_MOST_PER_PAGE)
    if not text.isdecimal() or not _FEWEST_PER_PAGE <= int(text) <= _MOST_PER_PAGE:
        raise _invalid(
            f"Value ( {text} ) for parameter maxResults is invalid. Expecting a value between "
            f"{_FEWEST_PER_PAGE} and {_MOST_PER_PAGE}."
        )
    return int(text)


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "InvalidParameterValue", message)
