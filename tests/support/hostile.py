"""200 texts that others may write, and what of them must never leave the program as it is."""

import re
import unicodedata
from itertools import product

_SIGNS = (
    "\x1b[31m",  # CSI: colour
    "\x1b[2J\x1b[1;1H",  # CSI: clear the screen
    "\x1b]0;title\x07",  # OSC: window title
    "\x1b]8;;http://e.invalid\x1b\\",  # OSC: link
    "\x1b]52;c;ZXZpbA==\x07",  # OSC: clipboard
    "\x1bP1$r\x1b\\",  # DCS
    "\x9b31m",  # C1: CSI in one character
    "\x00",
    "\x07",
    "\x08\x08\x08",
    "\r",
    "\n",
    "\x0b",
    "\x0c",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\xad",
    "\u034f",
    "\u115f",
    "\u1160",
    "\u180e",
    "\u3164",
    "\uffa0",
    "\u2800",
    "\ufe0f",
    "\U000e0041",
    "\U000e0100",
    "\ufff9",
)
_FRAMES = ("{}", "name{}tail", "{0}{0}::error::boom", "\n{}", "prod-1{} ")
_COMMANDS = (
    "::error file=x,line=1::boom",
    "::warning::x",
    "::notice::x",
    "::debug::x",
    "::add-mask::prod",
    "::set-output name=a::b",
    "::save-state name=a::b",
    "::stop-commands::t",
    "::group::x",
    "::endgroup::",
    "##[error]boom",
    "##[group]x",
    "##[set-env name=A]b",
    "##vso[task.setvariable variable=a]b",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "\n=1+1",
)
STRINGS: tuple[str, ...] = (
    *(frame.format(sign) for frame, sign in product(_FRAMES, _SIGNS)),
    *_COMMANDS,
)

_COMMAND = re.compile(
    r"(?im)^\s*::(?:add-mask|debug|endgroup|error|group|notice|save-state|set-env|set-output|stop-commands|warning)\b"
    r"|##\[(?:error|group|set-env)\b|##vso\["
)
_IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f]")


def acting(text: str) -> list[str]:
    """What of an output could act on a terminal, hide in it, or command a runner; line feeds and tabs may."""
    found = [
        f"U+{ord(sign):04X}"
        for sign in set(text)
        if sign not in "\n\t" and (unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    ]
    found += [f"U+{ord(sign):04X}" for sign in set(_IGNORABLE.findall(text))]
    found += [one.group() for one in _COMMAND.finditer(text)]
    return sorted(set(found))
