"""Checks responses before botocore parses them.

botocore parses a truncated body, or one that is not JSON, as an empty document, so that half a list would
look complete (it sends with `enforce_content_length=False`, and parses to `{}`).
"""

from typing import TYPE_CHECKING, Any

from eksaddon.aws.errors import TruncatedReplyError, UnreadableReplyError
from eksaddon.aws.network.http import Transport
from eksaddon.aws.reply_check import is_json_error, is_xml_error, json_misfit, xml_misfit

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.model import OperationModel

_FIRST_ERROR = 300


def complete(transport: Transport) -> Transport:
    """Raise TruncatedReplyError if the body is shorter than announced, so that botocore retries."""

    def send(request: "AWSPreparedRequest") -> "AWSResponse | None":
        response = transport(request)
        if response is not None:
            _check_length(request, response)
        return response

    return send


def _check_length(request: "AWSPreparedRequest", response: "AWSResponse") -> None:
    announced = response.headers.get("Content-Length", "")
    if not announced.isdecimal() or "Transfer-Encoding" in response.headers:
        return
    actual = len(response.content)
    if actual < int(announced):
        raise TruncatedReplyError(endpoint_url=request.url, actual=actual, expected=int(announced))


def check_reply(operation_model: "OperationModel", response_dict: dict[str, Any], **_: object) -> None:
    """Handle botocore's event `before-parse`.

    Raises:
        UnreadableReplyError: A success whose body does not match the model. The body of an error that would
            crash botocore's parser is emptied instead, so that the status still determines the retry.
    """
    is_xml = operation_model.service_model.resolved_protocol in {"query", "ec2"}
    body: bytes = response_dict["body"]
    if response_dict["status_code"] >= _FIRST_ERROR:
        kind = response_dict["headers"].get("x-amzn-errortype", "")
        if not (is_xml_error(body) if is_xml else is_json_error(operation_model, body, kind)):
            response_dict["body"] = b""
        return
    misfit = xml_misfit(operation_model, body) if is_xml else json_misfit(operation_model, body)
    if misfit:
        raise UnreadableReplyError(f"unexpected response of {operation_model.name}: {misfit}")
