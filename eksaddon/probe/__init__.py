"""Ask DNS servers, and measure a shutdown.

In: addresses, a clock, a CoreDNS binary.
Out: samples, and a verdict that says what they prove.
Never: call a lost answer anything but lost.
Start with: check.py (asking), measure.py (a shutdown), verdict.py.
"""
