"""JSON documents for other programs.

In: results, or a document to read.
Out: documents, their published JSON Schemas, and a ReportModel read from them.
Never: change the meaning of a key without a new schemaVersion.
Start with: documents.py.
"""
