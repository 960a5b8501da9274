"""The add-on version in a plan: which one a cluster moves to, and what that brings.

In: a situation, and the draft of its document.
Out: the change of the version, and diagnostics.
Never: choose by anything but the rules (eksaddon.rules.version).
Start with: move.py.
"""
