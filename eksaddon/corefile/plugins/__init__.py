"""The accepted arguments of each plugin, as tables with sources.

In: the arguments of a directive.
Out: whether that plugin's setup accepts them.
Never: encode knowledge in chains of `if`: a plugin is a row.
Start with: table.py, then vocabulary.py for the kinds of values.
"""
