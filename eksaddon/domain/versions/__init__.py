"""Versions of the add-on: which one is desired, which ones EKS offers, and a move between two.

In: text of versions, as EKS writes them.
Out: frozen values.
Never: the order of versions (eksaddon.schema.versions) or the choice of one (eksaddon.rules.version).
Start with: desired.py.
"""
