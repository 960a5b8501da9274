"""A simulated AWS: STS, Organizations, EKS and the clusters' Kubernetes APIs.

In: requests, over HTTP or inside the SDK.
Out: the answers that the real services give, limits and errors included.
Never: import the client it simulates for, or be kinder than the real service.
Start with: world.py, then api/dispatcher.py; scenario/ describes what is in it.
"""
