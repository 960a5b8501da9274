"""Which clusters are in scope.

In: the fleet file's accounts, organization or profiles, and a selection.
Out: targets, and a cause for every place that could not be listed.
Never: drop a target without a trace: what could not be listed is unreachable.
Start with: accounts.py, places.py, clusters.py, in this order.
"""
