"""Decide how a self-managed CoreDNS becomes the add-on; pure.

In: what is live in the cluster, and EKS's defaults.
Out: an Adoption: what is carried over, what EKS takes over, what is not covered.
Never: lose a value silently.
Start with: plan.py.
"""
