"""Renders a shutdown timeline.

In: a prediction, and a measurement if there is one.
Out: terminal text, SVG, JSON.
Never: predict: that is domain/termination.py.
Start with: terminal.py.
"""
