"""The values of one add-on, written down for another tool; pure.

In: an Emission: the cluster, the version and the document that EKS stores.
Out: text that the tool's own parser accepts.
Never: omit a part of the document, or change its meaning.
Start with: forms.py lists the tools.
"""
