"""The Kubernetes API of the simulated clusters, as far as CoreDNS is concerned."""
