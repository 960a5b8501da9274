"""Finds the clusters in scope.

In: the fleet file's accounts, organization or profiles, and a selection.
Out: targets, and a cause for every account and region that could not be listed.
Never: drop a target silently: a region that could not be listed is unreachable.
Start with: accounts.py, then places.py and clusters.py.
"""
