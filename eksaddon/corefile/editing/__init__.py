"""Edits a Corefile by spans.

In: a text and a request, such as a new lameduck.
Out: the edited text, or a reason for refusal.
Never: reformat a Corefile: unchanged text is kept byte for byte.
Start with: edit.py; lameduck.py for the central edit; verify.py proves each result.
"""
