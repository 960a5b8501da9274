"""Names of botocore, lightkube and httpx2 that no documentation promises, and what we lose with each.

A release that moves one fails here, by name, before it fails somewhere else.
"""

import inspect
from typing import Any

import botocore
import botocore.configprovider
import botocore.endpoint
import botocore.handlers
import botocore.hooks
import httpx2
import lightkube
import pytest
from botocore.awsrequest import AWSHTTPConnectionPool, AWSHTTPSConnectionPool
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from lightkube.core import decoders, generic_client


@pytest.mark.parametrize(
    ("holder", "name", "used_by"),
    [
        (
            URLLib3Session,
            "_get_pool_manager_kwargs",
            "aws/network/http.py: one TLS context for all connections",
        ),
        (
            AWSHTTPConnectionPool,
            "ConnectionCls",
            "aws/network/gated.py: nothing is sent once the process leaves",
        ),
        (AWSHTTPSConnectionPool, "ConnectionCls", "aws/network/gated.py: the same"),
        (AWSHTTPConnectionPool.ConnectionCls, "send", "aws/network/gated.py: the same"),
        (botocore.configprovider, "BOTOCORE_DEFAUT_SESSION_VARIABLES", "aws/sessions.py: hermetic sessions"),
        (botocore.configprovider, "ConfigValueStore", "aws/sessions.py: hermetic sessions"),
        (botocore.configprovider, "ConstantProvider", "aws/sessions.py: hermetic sessions"),
        (botocore.handlers, "BUILTIN_HANDLERS", "aws/small_models.py: fewer handlers"),
        (botocore.handlers, "REGISTER_FIRST", "aws/small_models.py: fewer handlers"),
        (botocore.handlers, "REGISTER_LAST", "aws/small_models.py: fewer handlers"),
        (botocore.hooks, "HierarchicalEmitter", "aws/sessions.py: an emitter without old names"),
        (botocore.endpoint, "time", "tests/fleet: back-off without waiting"),
        (decoders, "decode_object", "kube/prepared.py: types are prepared before threads read"),
        (decoders, "decode_list", "kube/prepared.py: the same"),
        (decoders, "decode_status", "kube/prepared.py: the same"),
    ],
    ids=lambda each: each if isinstance(each, str) and " " not in each else "",
)
def test_a_name_is_still_there(holder: object, name: str, used_by: str) -> None:
    versions = f"botocore {botocore.__version__}, httpx2 {httpx2.__version__}"
    assert hasattr(holder, name), (
        f"{getattr(holder, '__name__', holder)}.{name} is gone ({versions}): {used_by}"
    )


def test_a_session_takes_the_components_that_it_is_given() -> None:
    """aws/sessions.py replaces these three."""
    parameters = inspect.signature(Session).parameters
    assert {"profile", "include_builtin_handlers", "event_hooks"} <= set(parameters)
    session = Session()
    for component in ("event_emitter", "config_store", "data_loader"):
        assert session.get_component(component) is not None


def test_a_default_variable_has_its_value_in_third_place() -> None:
    """aws/sessions.py and sim/inprocess take the defaults from there."""
    region = botocore.configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES["region"]
    assert region[:2] == ("region", "AWS_DEFAULT_REGION")
    assert region[2] is None


def test_a_kubernetes_client_has_the_http_client_that_asks_for_the_version() -> None:
    """kube/clusters.py: lightkube has no call for /version."""
    source = inspect.getsource(lightkube.Client.__init__)
    assert "self._client = GenericSyncClient(" in source
    generic = inspect.getsource(generic_client)
    assert "self._client" in generic
    assert callable(generic_client.GenericSyncClient.raise_for_status)


def test_pools_can_be_replaced_by_scheme() -> None:
    """aws/network/http.py puts a gate into every connection."""
    session: Any = URLLib3Session()
    assert set(session._pool_classes_by_scheme) == {"http", "https"}
    assert session._manager.pool_classes_by_scheme == session._pool_classes_by_scheme
