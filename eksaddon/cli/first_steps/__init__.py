"""What a new user meets: the first fleet file, help, completion and support.

In: parsed options, and the commands of the program.
Out: files and text.
Never: writes to AWS or a cluster.
Start with: initial.
"""
