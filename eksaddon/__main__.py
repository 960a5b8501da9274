"""`python -m eksaddon` is `eksdns`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the working folder: a file there must not replace a module that we import

from eksaddon.start import entry

entry()
