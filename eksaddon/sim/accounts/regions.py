"""The regions of an account, in AWS Account Management and Amazon EC2."""

from collections.abc import Callable, Iterator, Mapping

from eksaddon.domain.geography import ALWAYS_ENABLED, OPT_IN
from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.request import ApiRequest, page
from eksaddon.sim.http.messages import RefusalError

_PER_PAGE = 50


class AccountManagement:
    """Implements ListRegions."""

    def __init__(self) -> None:
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {"ListRegions": self.list_regions}

    def list_regions(self, request: ApiRequest) -> JsonObject:
        states = dict(_states(request.caller.account))
        statuses = request.params.get("RegionOptStatusContains")
        if isinstance(statuses, list) and statuses:
            states = {name: state for name, state in states.items() if state in statuses}
        size = request.number("MaxResults", _PER_PAGE, minimum=1, maximum=_PER_PAGE)
        try:
            cut = page(sorted(states), size=size, token=request.text("NextToken"), what="ListRegions")
        except ValueError as error:
            raise RefusalError(400, "ValidationException", "The NextToken is invalid") from error
        regions: list[Json] = [{"RegionName": each, "RegionOptStatus": states[each]} for each in cut.items]
        return {"Regions": regions} | ({"NextToken": cut.token} if cut.token else {})


def vpc_id(*, has_dns: bool) -> str:
    return "vpc-0d15ab1ed" if not has_dns else "vpc-0123456789"


class Ec2:
    """Implements DescribeRegions and DescribeVpcAttribute."""

    def __init__(self) -> None:
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {
            "DescribeRegions": self.describe_regions,
            "DescribeVpcAttribute": self.describe_vpc_attribute,
        }

    def describe_vpc_attribute(self, request: ApiRequest) -> JsonObject:
        """Of a VPC whose id says whether DNS is on, see `vpc_id`."""
        vpc, attribute = request.required("VpcId"), request.required("Attribute")
        if not vpc.startswith("vpc-"):
            raise RefusalError(400, "InvalidVpcID.NotFound", f"The vpc ID '{vpc}' does not exist")
        is_on = "false" if vpc == vpc_id(has_dns=False) else "true"
        return {"vpcId": vpc, attribute: {"value": is_on}}

    def describe_regions(self, request: ApiRequest) -> JsonObject:
        everything = request.text("AllRegions") == "true"
        items: list[Json] = [
            {
                "regionName": name,
                "regionEndpoint": f"ec2.{name}.amazonaws.com",
                "optInStatus": _OPT_IN_WORDS[state],
            }
            for name, state in _states(request.caller.account)
            if everything or state != "DISABLED"
        ]
        return {"regionInfo": items}


_OPT_IN_WORDS = {
    "ENABLED_BY_DEFAULT": "opt-in-not-required",
    "ENABLED": "opted-in",
    "DISABLED": "not-opted-in",
}


def _states(account: Account) -> Iterator[tuple[str, str]]:
    for name in ALWAYS_ENABLED:
        yield name, "ENABLED_BY_DEFAULT"
    for name in OPT_IN:
        yield name, "ENABLED" if account.has(name) else "DISABLED"
