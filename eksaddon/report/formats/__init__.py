"""One output format in each module.

In: a ReportModel.
Out: its text.
Never: depend on another format, or count targets: the model has the counts.
Start with: table.py; markdown.py for size limits.
"""
