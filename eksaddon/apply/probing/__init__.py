"""Probes that run while a wave changes its clusters.

In: a wave's gate, and the figures on record.
Out: what the probe has to do next, and records of what it counted.
Never: start a write before lookups are measured.
Start with: deciding.py (pure), then running.py.
"""
