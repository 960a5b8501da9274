"""The JSON that other programs read.

In: results, or a document on its way back in.
Out: documents, their published JSON Schemas, and a ReportModel read from them.
Never: change the meaning of a key without a new schemaVersion.
Start with: documents.py.
"""
