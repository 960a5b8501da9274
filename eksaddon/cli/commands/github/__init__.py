"""The verbs under `eksdns github`.

In: options, and the job's environment.
Out: the same results as other verbs, published to GitHub too.
Never: start eksdns as a subprocess.
Start with: run.py, and step.py for what every step leaves behind.
"""
