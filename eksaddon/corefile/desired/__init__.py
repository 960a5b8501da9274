"""Desired Corefile settings and server blocks: addresses, edits and the proof of the result.

In: a text, the desired settings and servers.
Out: the text that has them, or a reason for refusal.
Never: touch a server block that has no marker of eksdns, except for settings that address it.
Start with: apply.py; address.py for the grammar of paths; servers.py for the blocks that eksdns owns.
"""
