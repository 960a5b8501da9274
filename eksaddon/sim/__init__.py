"""A simulated AWS: STS, Organizations, EKS and the clusters' Kubernetes APIs.

In: requests, over HTTP or inside the SDK.
Out: the responses of the real services, including limits and errors.
Never: import the client under test, or be less strict than the real service.
Start with: world.py, then api/dispatcher.py; scenario/ defines its contents.
"""
