"""One format for each module.

In: a ReportModel.
Out: its text.
Never: know another format, or count anew: counts come with the model.
Start with: table.py; markdown.py for limits of size.
"""
