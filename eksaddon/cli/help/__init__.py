"""The list of commands, and the help of each.

In: the table of verbs.py, examples, and the options of the requested command.
Out: Typer's commands, each imported at its first use, and their `--help` as plain text.
Never: what a command does, and an import of a command to list it.
Start with: verbs.py.
"""
