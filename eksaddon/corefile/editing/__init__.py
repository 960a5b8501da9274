"""Change a Corefile by spans.

In: a text and a request, such as a new lameduck.
Out: the edited text, or a reason for refusal.
Never: print a Corefile anew: what is not changed stays byte for byte.
Start with: edit.py; lameduck.py for the one edit that everything is about; verify.py proves each result.
"""
