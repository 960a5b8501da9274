"""Rules over a whole occurrence that no table of single words can hold."""

import pytest

from eksaddon.corefile.plugins.argument_rules import loadbalance_block


@pytest.mark.parametrize(
    ("args", "properties", "problem"),
    [
        (["round_robin"], {"reload": []}, "only the policy `weighted` takes"),
        (["weighted", "/w"], {"prefer": []}, "the policy `weighted` does not take"),
        (["weighted", "/w"], {"reload": []}, ""),
        ([], {"prefer": []}, ""),
    ],
)
def test_loadbalance_takes_each_property_with_one_kind_of_policy(args, properties, problem):
    found = loadbalance_block(args, properties, ())
    assert problem in found
    assert bool(found) is bool(problem)
