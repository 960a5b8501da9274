"""The workload plane over the clusters' Kubernetes APIs."""
