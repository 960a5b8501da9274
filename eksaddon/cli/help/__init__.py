"""The program as a whole, with its help.

In: the commands of root.py.
Out: Typer's command with groups, examples and metavars.
Never: what a command does.
Start with: program.
"""
