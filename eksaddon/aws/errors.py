"""Translates SDK errors to causes; no other module does.

Codes: the errors of our operations in botocore's service models, and those common to all AWS services
(source: "Common errors" of the EKS and STS API references).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from botocore import exceptions as sdk
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.geography import NewRegion, may_be_disabled, region_name
from eksaddon.regex import regex


class SignInError(Exception):
    """A request cannot be signed, for the reason in `trouble`; botocore does not retry it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class UnreadableReplyError(Exception):
    """A response that does not match the service model."""


class TruncatedReplyError(sdk.HTTPClientError):
    """A body shorter than its Content-Length; botocore retries as after a lost connection."""

    fmt = "the response from {endpoint_url} has {actual} of {expected} bytes"


SDK_ERRORS = (
    BotoCoreError,
    ClientError,
    ResponseParserError,
    SignInError,
    UnreadableReplyError,
    OSError,
    EOFError,
    ImportError,
)
"""Every exception of a botocore call that has an external reason.

ImportError comes from a Python that was built without a module that a provider or the network needs.
OSError and EOFError come from its credential providers: a missing program or token file, and
a prompt for an MFA code without a terminal.
"""

_CODES: Mapping[Cause, tuple[str, ...]] = {
    Cause.DENIED: (
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "NotAuthorized",
        "UnauthorizedOperation",
    ),
    Cause.CREDENTIALS_EXPIRED: ("ExpiredToken", "ExpiredTokenException"),
    Cause.CREDENTIALS_INVALID: (
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ),
    Cause.REGION_NOT_ENABLED: ("OptInRequired", "RegionDisabledException"),
    Cause.THROTTLED: (
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    ),
    Cause.SERVER: (
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServerException",
        "ServiceException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    ),
    Cause.NOT_FOUND: (
        "AWSOrganizationsNotInUseException",
        "ChildNotFoundException",
        "NoSuchEntity",
        "NoSuchEntityException",
        "NotFoundException",
        "OrganizationalUnitNotFoundException",
        "ParentNotFoundException",
        "ResourceNotFoundException",
        "TargetNotFoundException",
    ),
    Cause.INVALID: (
        "BadRequestException",
        "ClientException",
        "InvalidAction",
        "InvalidContextAssertion",
        "InvalidInputException",
        "InvalidParameterException",
        "InvalidParameterValue",
        "InvalidRequestException",
        "MalformedPolicyDocument",
        "PackedPolicyTooLarge",
        "UnsupportedAPIEndpointException",
        "UnknownOperationException",
        "ValidationError",
        "ValidationException",
    ),
    Cause.BUSY: ("ConflictException", "ResourceInUseException", "ResourcePropagationDelayException"),
}

CAUSE_OF_CODE: Mapping[str, Cause] = MappingProxyType(
    {code: cause for cause, codes in _CODES.items() for code in codes}
)

CAUSE_OF_EXCEPTION: Mapping[type[Exception], Cause] = MappingProxyType(
    {
        TruncatedReplyError: Cause.TRUNCATED,
        UnreadableReplyError: Cause.UNREADABLE,
        ResponseParserError: Cause.UNREADABLE,
        sdk.ConnectionError: Cause.TRANSPORT,
        sdk.HTTPClientError: Cause.TRANSPORT,
        sdk.MetadataRetrievalError: Cause.TRANSPORT,
        sdk.NoCredentialsError: Cause.NO_CREDENTIALS,
        sdk.NoAuthTokenError: Cause.NO_CREDENTIALS,
        sdk.PartialCredentialsError: Cause.NO_CREDENTIALS,
        sdk.ProfileNotFound: Cause.NO_PROFILE,
        sdk.UnknownCredentialError: Cause.NO_CREDENTIALS,
        sdk.CredentialRetrievalError: Cause.NO_CREDENTIALS,
        sdk.SSOTokenLoadError: Cause.NO_CREDENTIALS,
        sdk.LoginError: Cause.NO_CREDENTIALS,
        sdk.UnauthorizedSSOTokenError: Cause.CREDENTIALS_EXPIRED,
        sdk.TokenRetrievalError: Cause.CREDENTIALS_EXPIRED,
        sdk.LoginRefreshRequired: Cause.CREDENTIALS_EXPIRED,
        sdk.LoginInsufficientPermissions: Cause.DENIED,
        sdk.RefreshWithMFAUnsupportedError: Cause.MFA_REQUIRED,
        EOFError: Cause.MFA_REQUIRED,
        OSError: Cause.NO_CREDENTIALS,
        ConnectionError: Cause.TRANSPORT,
        TimeoutError: Cause.TRANSPORT,
        sdk.BaseEndpointResolverError: Cause.SETTINGS,
        sdk.ConfigNotFound: Cause.SETTINGS,
        sdk.ConfigParseError: Cause.SETTINGS,
        sdk.EndpointProviderError: Cause.SETTINGS,
        sdk.InvalidConfigError: Cause.SETTINGS,
        sdk.InvalidDefaultsMode: Cause.SETTINGS,
        sdk.InvalidEndpointConfigurationError: Cause.SETTINGS,
        sdk.InvalidIMDSEndpointError: Cause.SETTINGS,
        sdk.InvalidIMDSEndpointModeError: Cause.SETTINGS,
        sdk.InvalidProxiesConfigError: Cause.SETTINGS,
        sdk.InvalidRetryConfigurationError: Cause.SETTINGS,
        sdk.InvalidSTSRegionalEndpointsConfigError: Cause.SETTINGS,
        sdk.MissingDependencyException: Cause.MISSING_DEPENDENCY,
        ImportError: Cause.MISSING_DEPENDENCY,
        sdk.ParamValidationError: Cause.INVALID,
        sdk.UnknownRegionError: Cause.SETTINGS,
        sdk.UnknownTokenProviderError: Cause.SETTINGS,
        sdk.ValidationError: Cause.SETTINGS,
    }
)
"""A class includes its subclasses; the most specific entry applies."""

_UNKNOWN_KEY = frozenset({"InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"})
"""Codes for a key that a region does not know; a wrong signature or clock has other codes."""

_ARN = regex(r"arn:\S+")
_ACTION = regex(r"not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)|allows the ([a-z0-9-]+:[A-Za-z]+) action")
_ORGANIZATION_POLICY = regex(r"(?:service|resource) control policy")
_MFA = regex(r"multi-?factor|\bMFA\b", re.IGNORECASE)
_NO_CLUSTER = regex(r"^No cluster found\b")
_TOO_MANY_REQUESTS = 429
_FIRST_ERROR = 300
_FIRST_SERVER_ERROR = 500


def translate(error: Exception, *, operation: str, region: str = "") -> Trouble:
    """Translate one of SDK_ERRORS.

    Args:
        operation: The API operation that was called.
        region: Region of the call; in a region that may be disabled, an unknown key has another meaning.
    """
    if isinstance(error, SignInError):
        return error.trouble
    if isinstance(error, ClientError):
        return _trouble_of_response(error, region)
    return Trouble(_cause_of_exception(type(error)), _one_line(_text(error)), operation=operation)


def _text(error: Exception) -> str:
    match error:
        case sdk.ConfigParseError():
            path, reason = error.kwargs.get("path", ""), error.kwargs.get("error", "")
            if isinstance(reason, UnicodeDecodeError):
                return f"cannot parse {path}: the file is not UTF-8"
            return f"cannot parse {path}: {reason}" if reason else f"cannot parse {path}"
        case sdk.MissingDependencyException() if "login credential" in str(error):
            return "the profile signs in by `aws login`, for which the Python module awscrt is missing"
        case FileNotFoundError() | PermissionError():
            return f"a file or program of the AWS configuration cannot be used: {error}"
        case ImportError():
            return f"this Python cannot load the module {error.name or '?'}: {error}"
        case sdk.EndpointConnectionError() | sdk.ConnectTimeoutError():
            return f"{error}{_of_unknown_region(str(error.kwargs.get('endpoint_url', '')))}"
        case _:
            return str(error)


def _of_unknown_region(endpoint: str) -> str:
    """Addition to an error about an endpoint whose host name has a region that may not exist.

    Such a region is not refused earlier: AWS adds regions that this release does not know.
    """
    try:
        labels = (urlsplit(endpoint).hostname or "").split(".")
    except ValueError:  # an invalid endpoint URL
        return ""
    for label in labels:
        if isinstance(found := region_name(label), NewRegion):
            nearest = f", did you mean {found.nearest}?" if found.nearest else ""
            return f"; this version of eksdns does not know the region {label}{nearest}"
    return ""


def _cause_of_exception(kind: type[Exception]) -> Cause:
    return next(
        (CAUSE_OF_EXCEPTION[base] for base in kind.__mro__ if base in CAUSE_OF_EXCEPTION), Cause.UNKNOWN
    )


def _trouble_of_response(error: ClientError, region: str) -> Trouble:
    body = error.response.get("Error", {})
    code, message = str(body.get("Code", "")), str(body.get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    cause = _refine(_cause_of_code(code, status), code, message, region)
    return Trouble(
        cause, message or f"HTTP status {status}", code, error.operation_name, missing_action(message)
    )


def is_throttling(parsed: Mapping[str, Any]) -> bool:
    """Whether a parsed response rejects a call because there were too many."""
    status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = str(parsed.get("Error", {}).get("Code", ""))
    return status >= _FIRST_ERROR and _cause_of_code(code, status) is Cause.THROTTLED


def _cause_of_code(code: str, status: int) -> Cause:
    """Cause of an error code; a numeric code comes from a proxy or an empty body, not from the service."""
    if code in CAUSE_OF_CODE:
        return CAUSE_OF_CODE[code]
    if status == _TOO_MANY_REQUESTS:
        return Cause.THROTTLED
    if status >= _FIRST_SERVER_ERROR:
        return Cause.SERVER
    return Cause.UNREADABLE if code.isdigit() or not code else Cause.UNKNOWN


def _refine(cause: Cause, code: str, message: str, region: str) -> Cause:
    """Refine the cause by stable parts of the message."""
    if cause is Cause.DENIED:
        text_without_arns = _ARN.sub("", message)
        if _ORGANIZATION_POLICY.search(text_without_arns):
            return Cause.DENIED_BY_SCP
        return Cause.MFA_REQUIRED if _MFA.search(text_without_arns) else cause
    if code in _UNKNOWN_KEY and may_be_disabled(region):
        return Cause.REGION_NOT_ENABLED
    if cause is Cause.NOT_FOUND and _NO_CLUSTER.match(message):
        return Cause.NO_SUCH_CLUSTER
    return cause


def missing_action(message: str) -> str:
    """The IAM action in an access-denied message; empty if it has none."""
    found = _ACTION.search(message)
    return found[1] if found else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
