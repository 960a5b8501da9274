"""Probes that run while a wave changes its clusters.

In: a wave's gate, and the recorded results.
Out: the next step of the probe, and records of its counts.
Never: start a write before lookups are measured.
Start with: deciding.py (pure), then running.py.
"""
