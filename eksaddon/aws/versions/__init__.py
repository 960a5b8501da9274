"""Versions of Kubernetes and of the add-on, as EKS lists them.

In: clients of the EKS API.
Out: values of eksaddon.domain.versions.
Never: choose a version.
Start with: offered.py.
"""
