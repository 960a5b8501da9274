from collections.abc import Iterator

import pytest
from botocore import exceptions as sdk
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from eksaddon.aws.errors import (
    CAUSE_OF_CODE,
    CAUSE_OF_EXCEPTION,
    SignInError,
    TruncatedReplyError,
    UnreadableReplyError,
    translate,
)
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.geography import ALWAYS_ENABLED
from tests.support.operations import OPERATIONS

NEVER_RAISED_FOR_US = {
    sdk.ApiVersionNotFoundError,
    sdk.AwsChunkedWrapperError,
    sdk.CapacityNotAvailableError,
    sdk.ChecksumError,
    sdk.DataNotFoundError,
    sdk.FlexibleChecksumError,
    sdk.IncompleteReadError,
    sdk.InvalidChecksumConfigError,
    sdk.InvalidDNSNameError,
    sdk.InvalidEndpointDiscoveryConfigurationError,
    sdk.InvalidExpressionError,
    sdk.InvalidHostLabelError,
    sdk.InvalidS3AddressingStyleError,
    sdk.InvalidS3UsEast1RegionalEndpointConfigError,
    sdk.MD5UnavailableError,
    sdk.MissingParametersError,
    sdk.OperationNotPageableError,
    sdk.PaginationError,
    sdk.SSOError,
    sdk.ServiceNotInRegionError,
    sdk.StubResponseError,
    sdk.UnknownClientMethodError,
    sdk.UnknownServiceStyle,
    sdk.UnknownSignatureVersionError,
    sdk.UnseekableStreamError,
    sdk.UnsupportedOutpostResourceError,
    sdk.UnsupportedS3AccesspointConfigurationError,
    sdk.UnsupportedS3ArnError,
    sdk.UnsupportedS3ConfigurationError,
    sdk.UnsupportedS3ControlArnError,
    sdk.UnsupportedS3ControlConfigurationError,
    sdk.UnsupportedServiceProtocolsError,
    sdk.UnsupportedSignatureVersionError,
    sdk.WaiterConfigError,
    sdk.WaiterError,
}


def answer(
    code: str, message: str = "words", status: int = 400, operation: str = "DescribeAddon"
) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]  # the rest is not looked at
        operation,
    )


def modelled_errors() -> Iterator[tuple[str, str, str]]:
    loader = Loader()
    for service, operations in OPERATIONS.items():
        model = ServiceModel(loader.load_service_model(service, "service-2"))
        for operation in operations:
            for shape in model.operation_model(operation).error_shapes:
                yield service, operation, str(shape.error_code)  # type: ignore[attr-defined]  # of an error shape


def test_every_modelled_error_of_every_operation_we_call_has_a_cause_of_its_own() -> None:
    found = list(modelled_errors())
    assert len(found) > 50
    assert {each for each in found if each[2] not in CAUSE_OF_CODE} == set()


def test_every_class_that_the_sdk_may_raise_is_mapped_or_known_to_be_about_something_else() -> None:
    classes = {
        kind for kind in vars(sdk).values() if isinstance(kind, type) and issubclass(kind, BotoCoreError)
    }
    known = {*CAUSE_OF_EXCEPTION, *NEVER_RAISED_FOR_US}
    assert {kind for kind in classes - {BotoCoreError} if known.isdisjoint(kind.__mro__)} == set()
    assert NEVER_RAISED_FOR_US.isdisjoint(CAUSE_OF_EXCEPTION)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (sdk.EndpointConnectionError(endpoint_url="https://x", error="y"), Cause.TRANSPORT),
        (sdk.ConnectTimeoutError(endpoint_url="https://x", error="y"), Cause.TRANSPORT),
        (sdk.ReadTimeoutError(endpoint_url="https://x", error="y"), Cause.TRANSPORT),
        (sdk.ProxyConnectionError(proxy_url="http://p", error="y"), Cause.TRANSPORT),
        (sdk.SSLError(endpoint_url="https://x", error=ValueError("y")), Cause.TRANSPORT),
        (ConnectionResetError("lost"), Cause.TRANSPORT),
        (FileNotFoundError("no such token file"), Cause.NO_CREDENTIALS),
        (EOFError("nobody types an MFA code"), Cause.MFA_REQUIRED),
        (TruncatedReplyError(endpoint_url="https://x", actual=1, expected=2), Cause.TRUNCATED),
        (UnreadableReplyError("ListClusters answered with null"), Cause.UNREADABLE),
        (sdk.NoCredentialsError(), Cause.NO_CREDENTIALS),
        (sdk.ProfileNotFound(profile="p"), Cause.NO_PROFILE),
        (sdk.UnauthorizedSSOTokenError(), Cause.CREDENTIALS_EXPIRED),
        (sdk.TokenRetrievalError(provider="sso", error_msg="Token has expired"), Cause.CREDENTIALS_EXPIRED),
        (sdk.InvalidRegionError(region_name="a b"), Cause.SETTINGS),
        (sdk.InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]), Cause.SETTINGS),
        (sdk.WaiterError(name="n", reason="r", last_response={}), Cause.UNKNOWN),
    ],
)
def test_an_exception_means_what_its_nearest_class_says(error: Exception, cause: Cause) -> None:
    trouble = translate(error, operation="ListClusters")
    assert (trouble.cause, trouble.operation) == (cause, "ListClusters")
    assert "\n" not in trouble.message


def test_messages_of_many_lines_become_one() -> None:
    error = sdk.ParamValidationError(report="Invalid length for name\n  value: 0")
    assert translate(error, operation="x").message.endswith("Invalid length for name value: 0")


@pytest.mark.parametrize(
    ("code", "status", "cause"),
    [
        ("AccessDeniedException", 403, Cause.DENIED),
        ("ExpiredTokenException", 403, Cause.CREDENTIALS_EXPIRED),
        ("ExpiredToken", 403, Cause.CREDENTIALS_EXPIRED),
        ("TooManyRequestsException", 429, Cause.THROTTLED),
        ("ThrottlingException", 400, Cause.THROTTLED),
        ("SomethingNew", 429, Cause.THROTTLED),
        ("SomethingNew", 500, Cause.SERVER),
        ("SomethingNew", 400, Cause.UNKNOWN),
        ("503", 503, Cause.SERVER),
        ("429", 429, Cause.THROTTLED),
        ("404", 404, Cause.UNREADABLE),
        ("302", 302, Cause.UNREADABLE),
        ("", 400, Cause.UNREADABLE),
        ("ResourceInUseException", 409, Cause.BUSY),
        ("InvalidParameterException", 400, Cause.INVALID),
        ("ResourceNotFoundException", 404, Cause.NOT_FOUND),
    ],
)
def test_an_answer_means_what_its_code_says_and_else_its_status(code: str, status: int, cause: Cause) -> None:
    trouble = translate(answer(code, status=status), operation="ignored")
    assert (trouble.cause, trouble.code, trouble.operation) == (cause, code, "DescribeAddon")


USER = "User: arn:aws:sts::111122223333:assumed-role/mfa-ops/x"
DENIAL = (
    f"{USER} is not authorized to perform: eks:UpdateAddon on resource: arn:aws:eks:eu-west-1:1:cluster/c"
)


@pytest.mark.parametrize(
    ("message", "cause", "action"),
    [
        (DENIAL, Cause.DENIED, "eks:UpdateAddon"),
        (
            f"{DENIAL} because no identity-based policy allows the eks:UpdateAddon action",
            Cause.DENIED,
            "eks:UpdateAddon",
        ),
        (
            f"{DENIAL} with an explicit deny in a service control policy",
            Cause.DENIED_BY_SCP,
            "eks:UpdateAddon",
        ),
        (
            f"{DENIAL} because no service control policy allows the eks:UpdateAddon action",
            Cause.DENIED_BY_SCP,
            "eks:UpdateAddon",
        ),
        (
            "MultiFactorAuthentication failed with invalid MFA one time pass code.",
            Cause.MFA_REQUIRED,
            "",
        ),
        ("Access denied", Cause.DENIED, ""),
    ],
)
def test_a_denial_shows_who_denies_and_which_action_is_missing(
    message: str, cause: Cause, action: str
) -> None:
    trouble = translate(answer("AccessDeniedException", message, 403), operation="UpdateAddon")
    assert (trouble.cause, trouble.action) == (cause, action)


def test_a_plain_denial_hints_at_the_missing_action() -> None:
    trouble = translate(answer("AccessDeniedException", DENIAL, 403), operation="UpdateAddon")
    assert trouble.hint == "the role needs eks:UpdateAddon"


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidClientTokenId"])
def test_an_unknown_key_in_an_opt_in_region_means_that_the_region_is_off(code: str) -> None:
    error = answer(code, "The security token included in the request is invalid.", 403)
    assert translate(error, operation="x", region="me-central-1").cause is Cause.REGION_NOT_ENABLED
    for region in (*ALWAYS_ENABLED, "cn-north-1", "us-gov-west-1", ""):
        assert translate(error, operation="x", region=region).cause is Cause.CREDENTIALS_INVALID


@pytest.mark.parametrize("code", ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired"])
def test_a_wrong_clock_or_secret_is_never_a_region_that_is_off(code: str) -> None:
    error = answer(code, "Signature expired: 20261130T100000Z is now earlier than 20261130T105500Z", 403)
    assert translate(error, operation="x", region="me-central-1").cause is Cause.CREDENTIALS_INVALID


def test_a_missing_cluster_is_distinguished_from_a_missing_add_on_by_the_words() -> None:
    error = answer("ResourceNotFoundException", "No cluster found for name: prod.", 404)
    assert translate(error, operation="x").cause is Cause.NO_SUCH_CLUSTER
    error = answer("ResourceNotFoundException", "No addon: coredns found in cluster: prod", 404)
    assert translate(error, operation="x").cause is Cause.NOT_FOUND


def test_an_answer_without_words_shows_its_status() -> None:
    assert translate(answer("418", "", 418), operation="x").message == "HTTP status 418"


def test_a_sign_in_that_failed_keeps_its_own_trouble() -> None:
    trouble = Trouble(Cause.ROLE_NOT_ASSUMABLE, "cannot assume it")
    assert translate(SignInError(trouble), operation="ListClusters") is trouble


@pytest.mark.parametrize("kind", [sdk.EndpointConnectionError, sdk.ConnectTimeoutError])
@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("https://eks.eu-west-9.amazonaws.com/clusters", "the region eu-west-9, did you mean eu-west-1?"),
        ("https://runs.s3.us-gov-central-1.amazonaws.com/", "us-gov-central-1, did you mean us-gov-east-1?"),
        ("https://eks.mx-southwest-12.api.aws/", "does not know the region mx-southwest-12"),
        ("https://eks.eu-west-1.amazonaws.com/", ""),
        ("http://127.0.0.1:4566/eu-west-9", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_an_unreachable_endpoint_of_an_unknown_region_names_the_region(
    kind: type[BotoCoreError], endpoint: str, said: str
) -> None:
    trouble = translate(kind(endpoint_url=endpoint, error="no such host"), operation="ListClusters")
    assert trouble.cause is Cause.TRANSPORT
    assert ("does not know the region" in trouble.message) is bool(said)
    assert trouble.message.endswith(said)


def test_a_region_that_answers_is_not_named_as_unknown() -> None:
    error = sdk.ReadTimeoutError(endpoint_url="https://eks.eu-west-9.amazonaws.com", error="timed out")
    assert "does not know" not in translate(error, operation="ListClusters").message
