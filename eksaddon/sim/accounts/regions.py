"""The regions of an account, in AWS Account Management."""

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
        states = dict(region_states(request.caller.account))
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


def region_states(account: Account) -> Iterator[tuple[str, str]]:
    for name in ALWAYS_ENABLED:
        yield name, "ENABLED_BY_DEFAULT"
    for name in OPT_IN:
        yield name, "ENABLED" if account.has(name) else "DISABLED"
