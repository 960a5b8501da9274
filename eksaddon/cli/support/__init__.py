"""Options that every command has, and names for the completion of shells.

In: Typer's commands.
Out: the same commands with more options and completions.
Never: import what a command needs to run.
Start with: debug_options.py.
"""
