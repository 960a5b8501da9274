"""Queries DNS servers, and measures shutdowns.

In: addresses, a clock, a CoreDNS binary.
Out: samples, and a verdict.
Never: count a lost answer as anything but lost.
Start with: check.py (a probe), measure.py (a shutdown), verdict.py.
"""
