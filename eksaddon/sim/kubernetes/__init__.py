"""The Kubernetes API of the simulated clusters, limited to CoreDNS.

In: requests with a bearer token.
Out: objects, server-side apply, status documents.
Never: depend on EKS's API.
Start with: dispatcher.py, then api.py.
"""
