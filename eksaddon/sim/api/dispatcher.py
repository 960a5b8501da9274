"""Entry point of AWS requests: applies faults, keys, policies and rates, then calls the service."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import assert_never

from eksaddon.domain.geography import region_partition
from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.api.call_log import Call, CallLog
from eksaddon.sim.api.faults import (
    Cut,
    Deny,
    Effect,
    Expire,
    Fault,
    FaultBook,
    Hang,
    Page,
    Refuse,
    Reset,
    Slow,
    Truncate,
)
from eksaddon.sim.api.identities import Account, Caller, covers
from eksaddon.sim.api.keys import KeyRing, Signature, expired_key, read_signature, unknown_key
from eksaddon.sim.api.protocols import PROTOCOLS, Understood, failure, success, understand
from eksaddon.sim.api.request import ApiRequest
from eksaddon.sim.api.throttle import Throttle
from eksaddon.sim.http.messages import (
    Answer,
    Delivery,
    Lost,
    RefusalError,
    Reply,
    Request,
    Silent,
    Unconnected,
)

Service = Mapping[str, Callable[[ApiRequest], JsonObject]]
"""Operations by name."""

_ANONYMOUS = Caller(Account(""), "", "")

_ALWAYS_ALLOWED = frozenset({"GetCallerIdentity"})


@dataclass(frozen=True, slots=True)
class _Exchange:
    signature: Signature
    understood: Understood
    broken: RefusalError | None
    caller: Caller | None
    call: Call
    request_id: str

    @property
    def service(self) -> str:
        return self.signature.service

    def refuse(self, refusal: RefusalError) -> "_Result":
        return _Result(failure(self.service, refusal, self.request_id), refusal.status, refusal.code)


@dataclass(frozen=True, slots=True)
class _Result:
    answer: Answer
    status: int = 0
    code: str = ""


class Front:
    """Handles requests; not thread-safe.

    Args:
        throttle: None for no limit.
        default: Id of the account of unknown keys.
        began: Start of the simulation, in seconds since the epoch.
    """

    def __init__(
        self,
        *,
        services: Mapping[str, Service],
        accounts: Mapping[str, Account],
        ring: KeyRing,
        faults: FaultBook,
        calls: CallLog,
        throttle: Throttle | None,
        default: Callable[[], str],
        began: float,
    ) -> None:
        self._services = services
        self._accounts = accounts
        self._ring = ring
        self._faults = faults
        self._calls = calls
        self._throttle = throttle
        self._default = default
        self._began = began
        self._requests = 0

    def handle(self, request: Request, now: float) -> Delivery:
        signature = read_signature(request.headers)
        if signature is None:
            return self._astray(
                now, "", 403, "MissingAuthenticationTokenException", "Missing Authentication Token"
            )
        if signature.service not in PROTOCOLS:
            message = f"The simulator has no service {signature.service}"
            return self._astray(now, signature.service, 404, "UnknownOperationException", message)
        exchange = self._exchange(request, signature, now)
        delay, fault = self._fault(exchange.call, now)
        result = self._result(exchange, fault.effect if fault else None, now)
        self._calls.add(
            replace(
                exchange.call, status=result.status, code=result.code, fault=_name(fault, delayed=delay > 0)
            )
        )
        return Delivery(_dated(result.answer, now), delay)

    def _astray(self, now: float, service: str, status: int, code: str, message: str) -> Delivery:
        self._calls.add(Call(now, service, "", "", "", status=status, code=code))
        reply = failure(service, RefusalError(status, code, message), self._request_id())
        return Delivery(_dated(reply, now))

    def _exchange(self, request: Request, signature: Signature, now: float) -> _Exchange:
        caller = self._ring.find(signature.key, self._accounts, self._default())
        broken = None
        try:
            understood = understand(signature.service, request)
        except RefusalError as refusal:
            broken, understood = refusal, Understood("", {})
        call = Call(
            now,
            signature.service,
            understood.operation,
            _account(understood, caller),
            signature.region,
            str(understood.params.get("clusterName") or understood.params.get("name") or ""),
        )
        return _Exchange(signature, understood, broken, caller, call, self._request_id())

    def _fault(self, call: Call, now: float) -> tuple[float, Fault | None]:
        delay, last = 0.0, None
        for fault in self._faults.strike(call, now - self._began):
            if isinstance(fault.effect, Slow):
                delay += fault.effect.seconds
            else:
                last = fault
        return delay, last

    def _result(self, exchange: _Exchange, effect: Effect | None, now: float) -> _Result:
        match effect:
            case None | Slow():
                return self._carried_out(exchange, now)
            case Cut():
                return _Result(Unconnected())
            case Hang(after=after):
                done = self._carried_out(exchange, now) if after else _Result(Silent())
                return replace(done, answer=Silent())
            case Reset(after=after):
                done = self._carried_out(exchange, now) if after else _Result(Lost())
                return replace(done, answer=Lost())
            case Truncate(keep=keep):
                done = self._carried_out(exchange, now)
                return replace(done, answer=_truncated(done.answer, keep))
            case Page(status=status, html=html):
                return _Result(Reply(status, html, "text/html"), status)
            case Refuse(status=status, code=code, message=message):
                return exchange.refuse(RefusalError(status, code, message))
            case Expire():
                return exchange.refuse(expired_key())
            case Deny(by_guardrail=by_guardrail):
                return exchange.refuse(_denied(exchange, by_guardrail=by_guardrail))
            case _:
                assert_never(effect)

    def _carried_out(self, exchange: _Exchange, now: float) -> _Result:
        try:
            document = self._answer(exchange, now)
        except RefusalError as refusal:
            return exchange.refuse(refusal)
        operation = exchange.understood.operation
        return _Result(success(exchange.service, operation, document, exchange.request_id), 200)

    def _answer(self, exchange: _Exchange, now: float) -> JsonObject:
        caller = self._authenticated(exchange, now)
        if exchange.broken is not None:
            raise exchange.broken
        self._admit(exchange, now)
        _authorize(exchange, caller)
        operation = self._services[exchange.service].get(exchange.understood.operation)
        if operation is None:
            raise RefusalError(
                404, "UnknownOperationException", "The simulator does not support this operation"
            )
        return operation(
            ApiRequest(
                exchange.understood.operation, exchange.understood.params, caller, exchange.call.region, now
            )
        )

    def _authenticated(self, exchange: _Exchange, now: float) -> Caller:
        """Check the keys; in a region that is not enabled, no key is valid."""
        caller = exchange.caller
        if caller is None:
            raise unknown_key()
        self._ring.verify(exchange.signature, now)
        if exchange.service == "eks" and not caller.account.has(exchange.call.region):
            raise unknown_key()
        return caller

    def _admit(self, exchange: _Exchange, now: float) -> None:
        if self._throttle is None or exchange.service != "eks":
            return
        if not self._throttle.admits((exchange.call.account, exchange.call.region), now):
            raise RefusalError(429, "TooManyRequestsException", "Too Many Requests")

    def _request_id(self) -> str:
        self._requests += 1
        return f"00000000-0000-4000-8000-{self._requests:012}"


def _account(understood: Understood, caller: Caller | None) -> str:
    """The account of the call; for AssumeRole that of the role."""
    if understood.operation == "AssumeRole":
        arn = str(understood.params.get("RoleArn", "")).split(":")
        return arn[4] if len(arn) > 4 else ""  # noqa: PLR2004  # the account's place in an ARN
    return caller.account.id if caller is not None else ""


def _dated(answer: Answer, now: float) -> Answer:
    """Add the Date header of AWS responses, in whole seconds."""
    if not isinstance(answer, Reply):
        return answer
    return replace(answer, headers={**answer.headers, "Date": formatdate(now, usegmt=True)})


def _name(fault: Fault | None, *, delayed: bool) -> str:
    if fault is not None:
        return fault.name
    return "slow" if delayed else ""


def _truncated(answer: Answer, keep: float) -> Answer:
    if not isinstance(answer, Reply) or not answer.body:
        return answer
    arriving = min(int(len(answer.body) * keep), len(answer.body) - 1)
    return replace(answer, body=answer.body[:arriving], cut=len(answer.body) - arriving)


def _authorize(exchange: _Exchange, caller: Caller) -> None:
    if exchange.understood.operation in _ALWAYS_ALLOWED:
        return
    action = f"{exchange.service}:{exchange.understood.operation}"
    if covers(caller.account.guardrails, action):
        raise _denied(exchange, by_guardrail=True)
    if covers(caller.denies, action):
        raise _denied(exchange, by_guardrail=False)


def _denied(exchange: _Exchange, *, by_guardrail: bool) -> RefusalError:
    caller = exchange.caller or _ANONYMOUS
    action = f"{exchange.service}:{exchange.understood.operation}"
    why = (
        "with an explicit deny in a service control policy"
        if by_guardrail
        else f"because no identity-based policy allows the {action} action"
    )
    return RefusalError(
        403,
        "AccessDeniedException",
        f"User: {caller.arn} is not authorized to perform: {action} on resource: {_resource(exchange)} {why}",
    )


def _resource(exchange: _Exchange) -> str:
    call, params = exchange.call, exchange.understood.params
    if call.operation == "AssumeRole":
        return str(params.get("RoleArn", "*"))
    if call.service != "eks" or not call.cluster:
        return "*"
    arn_prefix = f"arn:{region_partition(call.region)}:eks:{call.region}:{call.account}"
    addon = params.get("addonName")
    return f"{arn_prefix}:addon/{call.cluster}/{addon}/*" if addon else f"{arn_prefix}:cluster/{call.cluster}"
