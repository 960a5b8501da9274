"""What each plugin accepts, as tables with sources.

In: the arguments of a directive.
Out: whether that plugin's setup would take them.
Never: hold knowledge in chains of `if`: a plugin is a row.
Start with: table.py, then vocabulary.py for the kinds of values.
"""
