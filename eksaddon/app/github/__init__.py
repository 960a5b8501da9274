"""Use cases for GitHub Actions workflows.

In: reports in files, the environment of a job, a repository.
Out: outputs, summaries, one comment, one issue, and the progress of one wave.
Never: compose command lines, or output untrusted text unescaped.
Start with: report.py (a step), wave.py (a job for a wave), wiring.py (the edge).
"""
