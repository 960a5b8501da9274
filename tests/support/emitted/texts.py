"""Corefiles that are hard to quote, and their emissions."""

import json
from typing import Any

from eksaddon.domain.json import Json
from eksaddon.domain.target import ClusterRef
from eksaddon.report.emit.emission import Emission

REF = ClusterRef("111122223333", "eu-west-1", "Shop_1")
CORE = '.:53 {\n    errors\n\n    forward . {$UPSTREAM} {%RESOLVER%}\n    log . "${host} %{x}" \\q\n}\n'
TEXTS = (
    CORE,
    CORE.rstrip("\n"),
    CORE + "\n",
    " " + CORE,
    "\t" + CORE,
    CORE.replace("\n", "\r\n"),
    "\ufeff" + CORE,
    "# ü 日本 \U0001f600 \u2028 \x85 \x00 \b\f\n.:53 {\n}\n",
    "COREFILE\n.:53 {\n}\n",
    "one line\n",
    "",
)


def of(corefile: str | None = CORE, **more: Any) -> Emission:
    tree: dict[str, Json] = {"replicaCount": 3}
    tree |= {} if corefile is None else {"corefile": corefile}
    return Emission(REF, "v1.11.4-eksbuild.51", json.dumps(tree), tree, **more)
