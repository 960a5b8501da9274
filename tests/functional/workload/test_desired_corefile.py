"""The desired Corefile from the fleet file to the add-on and back, on the simulator."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksaddon.domain.target import ClusterRef
from tests.support.walkthrough import ANY_RUN_ID, Shell, shell

FLEET = """
version: 1
coredns:
  corefile:
    settings:
      cache.ttl: 60
      forward.maxConcurrent: 2000
    servers:
      corp: {zones: corp.example.com, forward: 10.0.0.10}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
clusters:
  - {name: prod, account: shop, region: eu-west-1}
overrides:
  - match: {cluster: dev}
    coredns:
      corefile: {settings: {cache.ttl: 5}, servers: {corp: null}}
"""
STOCK = """.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
SCENARIO = f"""
version: 1
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
documents:
  stored: {json.dumps(json.dumps({"corefile": STOCK}))}
clusters:
  - {{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: stored}}
  - {{name: dev, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: stored}}
"""
CHANGED = STOCK.replace("cache 30", "cache 60").replace(
    "resolv.conf\n", "resolv.conf {\n        max_concurrent 2000\n    }\n"
)
CORP = (
    "\n# managed by eksdns: corp\ncorp.example.com:53 {\n"
    "    errors\n    cache 30\n    forward . 10.0.0.10\n}\n"
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "first.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "first.yaml", tmp_path / "scenario.yaml") as one:
        yield one


def stored(here: Shell, cluster: str = "prod") -> str:
    document = here.world.document(ClusterRef("111122223333", "eu-west-1", cluster))
    return str(json.loads(document or "{}")["corefile"])


def test_settings_and_servers_are_applied_shown_in_sync_and_rolled_back(here: Shell) -> None:
    code, text = here.type("plan", "--all", "--detailed-exitcode")
    assert code == 2, text
    assert 'corefile[".:53"].cache' in text
    assert 'corefile["corp.example.com.:53"]' in text
    code, text = here.type("apply", "--all", "--yes")
    assert code == 0, text
    run_id = ANY_RUN_ID.findall(text)[0]
    assert stored(here) == CHANGED + CORP
    assert stored(here, "dev") == CHANGED.replace("cache 60", "cache 5")
    code, text = here.type("drift", "--all")
    assert code == 0, text
    code, text = here.type("rollback", run_id, "--yes")
    assert code == 0, text
    assert (stored(here), stored(here, "dev")) == (STOCK, STOCK)


def test_a_server_that_is_no_longer_wanted_is_removed(here: Shell) -> None:
    assert here.type("apply", "--all", "--yes", "-q")[0] == 0
    fleet = FLEET.replace("corp: {zones: corp.example.com, forward: 10.0.0.10}", "{}")
    Path("eksdns.yaml").write_text(fleet.replace("servers:\n      {}", "servers: {}"))
    assert here.type("apply", "--all", "--yes", "-q")[0] == 0
    assert stored(here) == CHANGED


def test_a_flag_overrides_the_fleet_file(here: Shell) -> None:
    code, text = here.type(
        "apply", "--cluster", "dev", "--yes", "--corefile-set", "cache.ttl=7", "--corefile-set", "loop=false"
    )
    assert code == 0, text
    assert stored(here, "dev") == CHANGED.replace("cache 60", "cache 7").replace("    loop\n", "")
    code, text = here.type("plan", "--all", "--corefile-set", "cache.tttl=7")
    assert code == 64
    assert "did you mean 'ttl'?" in text


def test_explain_names_the_lines_and_a_waiver_keeps_what_is_there(here: Shell) -> None:
    code, text = here.type("explain", "prod")
    assert code == 0, text
    assert "corefile.settings.forward.max_concurrent" in text
    assert "eksdns.yaml:7" in text
    waivers = "waivers:\n" + "".join(
        f"  - {{match: {{cluster: prod}}, path: {path}, owner: dns, reason: trial, until: 2031-01-01}}\n"
        for path in ("corefile.settings.cache", "corefile.servers.corp")
    )
    Path("eksdns.yaml").write_text(FLEET + waivers)
    code, text = here.type("apply", "--all", "--yes")
    assert code == 0, text
    assert "is waived until 2031-01-01" in text
    assert stored(here) == CHANGED.replace("cache 60", "cache 30")


def test_a_whole_text_is_semantic(here: Shell) -> None:
    Path("Corefile").write_text("# of the platform team\n" + STOCK)
    text = FLEET.partition("    settings:")[0] + "    file: Corefile\n" + FLEET[FLEET.index("accounts:") :]
    Path("eksdns.yaml").write_text(text.partition("overrides:")[0])
    code, shown = here.type("plan", "--all", "--detailed-exitcode")
    assert code == 0, shown
    Path("Corefile").write_text(STOCK.replace("cache 30", "cache 31"))
    assert here.type("apply", "--all", "--yes", "-q")[0] == 0
    assert stored(here) == STOCK.replace("cache 30", "cache 31")
