"""Plans the adoption of a self-managed CoreDNS; pure.

In: the live objects, and EKS's defaults.
Out: an Adoption: imported settings, fields that EKS takes over, and settings that are not covered.
Never: lose a value silently.
Start with: plan.py.
"""
