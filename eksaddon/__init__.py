"""eksdns keeps cluster DNS alive while CoreDNS pods come and go."""

__version__ = "0.1.0"
