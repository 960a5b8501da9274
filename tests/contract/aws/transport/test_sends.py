"""Which failed writes have certainly not been sent."""

from collections.abc import Callable

import pytest
from botocore import exceptions as sdk
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from eksaddon.aws.connect import Aws
from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.target import ClusterRef, CurrentCredentials
from eksaddon.ports import CreateRequest, UpdateRequest
from tests.support.aws.sockets import SETTINGS

REF = ClusterRef("111122223333", "eu-west-1", "shop")
UPDATE = UpdateRequest("{}", ResolveConflicts.NONE, "token")
CREATE = CreateRequest("v1.11.4-eksbuild.28", "{}", ResolveConflicts.NONE, "token")

REFUSED = sdk.EndpointConnectionError(endpoint_url="https://eks", error="refused")
TIMED_OUT = sdk.ConnectTimeoutError(endpoint_url="https://eks", error="late")
SILENT = sdk.ReadTimeoutError(endpoint_url="https://eks", error="late")
PROXY = sdk.ProxyConnectionError(proxy_url="http://proxy", error="502")


def failing(*errors: Exception) -> Aws:
    left = list(errors)

    def send(_: AWSPreparedRequest) -> AWSResponse | None:
        raise left.pop(0) if len(left) > 1 else left[0]

    return Aws(lambda _: CurrentCredentials(), settings=SETTINGS, transport=send)


@pytest.mark.parametrize(
    ("errors", "is_certain"),
    [
        ((REFUSED,), True),
        ((TIMED_OUT, REFUSED), True),
        ((SILENT, REFUSED), False),
        ((REFUSED, SILENT, TIMED_OUT), False),
        ((SILENT,), False),
        ((PROXY,), False),
    ],
    ids=["refused", "no connection", "silent at first", "silent between", "silent", "proxy"],
)
@pytest.mark.parametrize(
    "write",
    [
        lambda aws: aws.addons.update(REF, UPDATE),
        lambda aws: aws.installer.create(REF, CREATE),
        lambda aws: aws.installer.remove(REF),
    ],
    ids=["UpdateAddon", "CreateAddon", "DeleteAddon"],
)
@pytest.mark.usefixtures("pauses")
def test_a_write_is_not_sent_only_if_no_attempt_had_a_connection(
    write: Callable[[Aws], object], errors: tuple[Exception, ...], *, is_certain: bool
) -> None:
    answer = write(failing(*errors))
    assert isinstance(answer, NotSent if is_certain else Trouble)
    trouble = answer.trouble if isinstance(answer, NotSent) else answer
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT


@pytest.mark.usefixtures("pauses")
def test_a_call_after_a_lost_one_is_judged_on_its_own() -> None:
    aws = failing(SILENT, SILENT, SILENT, SILENT, REFUSED)
    assert isinstance(aws.addons.update(REF, UPDATE), Trouble)
    assert isinstance(aws.addons.update(REF, UPDATE), NotSent)
