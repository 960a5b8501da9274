import re
from pathlib import Path
from typing import get_args

import botocore
import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from eksaddon.aws.clients import Service
from eksaddon.aws.small_models import SERVICES, shared_loader

FOLDER = Path(botocore.__file__).parent
NESTED = re.compile(r"(?:_client_creator\(|create_nested_client\(self\._session,)\s*['\"]([a-z-]+)['\"]")
"""Calls of the SDK that make a client to sign in."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_with_a_client_is_loaded_as_the_sdk_loads_it(service: str) -> None:
    ours, theirs = shared_loader(None), Loader()
    for kind in ("service-2", "endpoint-rule-set-1"):
        expected = theirs.load_service_model(service, kind)
        found = ours.load_service_model(service, kind)
        assert found.keys() == expected.keys()
        assert found.get("operations", {}).items() <= expected.get("operations", {}).items()
        assert {**found, "operations": 0} == {**expected, "operations": 0}


def test_the_services_are_those_of_our_clients_and_of_the_sdks_sign_in() -> None:
    texts = ((FOLDER / name).read_text() for name in ("credentials.py", "tokens.py"))
    nested = {name for text in texts for name in NESTED.findall(text)}
    assert nested == {"sts", "sso", "sso-oidc", "signin"}
    assert set(SERVICES) == {*get_args(Service), *nested, "s3"}


def test_another_service_is_unknown() -> None:
    with pytest.raises(UnknownServiceError):
        shared_loader(None).load_service_model("rds", "service-2")
