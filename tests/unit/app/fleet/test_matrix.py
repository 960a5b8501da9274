"""How accounts are dealt out to runners."""

from typing import Any, cast

from eksaddon.app.fleet.matrix import deal, matrix_document
from eksaddon.domain.target import Account


def test_a_name_that_would_be_read_as_several_gives_way_to_the_id():
    odd = [Account(f"{number:012}", name) for number, name in enumerate(["a,b", "c*", "d e", "plain-1"])]
    (shard,) = cast("list[dict[str, Any]]", matrix_document(deal(odd, 1))["include"])
    assert shard["accounts"] == "000000000000,000000000001,000000000002,plain-1"
