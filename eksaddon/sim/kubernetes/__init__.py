"""The Kubernetes API of the simulated clusters, as far as CoreDNS is concerned.

In: requests with a bearer token.
Out: objects, server-side apply, status documents.
Never: know EKS's API.
Start with: dispatcher.py, then api.py.
"""
