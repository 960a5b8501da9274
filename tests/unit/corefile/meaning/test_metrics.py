import pytest

from eksaddon.corefile import metrics_port, parse


@pytest.mark.parametrize(
    ("directives", "port"),
    [
        ("prometheus :9153", 9153),
        ("prometheus 0.0.0.0:9253", 9253),
        ("prometheus [::]:9353", 9353),
        ("prometheus", None),
        ("prometheus localhost:9153", None),
        ("prometheus 127.0.0.1:9153", None),
        ("prometheus [::1]:9153", None),
        ("prometheus here", None),
        ("errors", None),
    ],
)
def test_metrics_have_the_port_of_the_corefile_unless_they_stay_in_the_pod(directives, port) -> None:
    assert metrics_port(parse(f".:53 {{\n    {directives}\n}}\n")) == port


def test_the_first_reachable_address_of_several_server_blocks_counts() -> None:
    text = "a.:53 {\n    prometheus localhost:9100\n}\nb.:53 {\n    prometheus :9153\n}\n"
    assert metrics_port(parse(text)) == 9153
