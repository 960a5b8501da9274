"""What workflows of GitHub Actions need.

In: reports in files, the environment of a job, a repository.
Out: outputs, summaries, one comment, one issue, and the progress of one wave.
Never: compose command lines, or trust text of others unescaped.
Start with: report.py (a step), wave.py (a job for a wave), wiring.py (the edge).
"""
