"""IP addresses of simulated nodes and pods, as the VPC CNI assigns them by default."""

PODS_PER_NODE = 32


def node_address(index: int) -> str:
    """Address of a node.

    Args:
        index: 0 to 250.
    """
    return f"10.0.{index}.7"


def pod_address(index: int, number: int) -> str:
    """Secondary address of a node.

    Args:
        number: 0 to PODS_PER_NODE - 1.
    """
    return f"10.0.{index}.{number + 8}"
