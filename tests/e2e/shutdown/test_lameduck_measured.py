"""The lameduck that eksdns reads out of a Corefile is how long CoreDNS answers after SIGTERM."""

import asyncio
import re
import textwrap
from collections.abc import Collection, Mapping

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.corefile import parse
from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.domain.termination import AGREEMENT_SECONDS, SECOND
from eksaddon.probe.ask import Question
from eksaddon.probe.coredns import LOOPBACK, free_port
from eksaddon.probe.measure import answered_for, watch_shutdown
from tests.e2e.coredns_release import CURRENT, OLD, coredns

pytestmark = pytest.mark.e2e

GRACE = 30
AT_ONCE = 8
"""CoreDNS processes side by side on a small machine."""

ATTEMPTS = 3
"""A host that is busy for half a second is late itself; a wrong reading is wrong each time."""

SERVER = f"bind {LOOPBACK}\n    whoami"
HEALTH = f"health {LOOPBACK}:0"

SHAPES = {
    "one block": (
        2.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 2s
            }
        }
        """,
    ),
    "several blocks add up": (
        3.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 1s
            }
        }
        a.invalid:PORT {
            SERVER
        }
        b.invalid:PORT {
            SERVER
            HEALTH {
                lameduck 2s
            }
        }
        """,
    ),
    "several zones of one block count once": (
        1.5,
        """
        .:PORT a.invalid:PORT b.invalid:PORT {
            SERVER
            HEALTH {
                lameduck 1.5s
            }
        }
        """,
    ),
    "health twice in a block": (
        1.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 3s
            }
            HEALTH {
                lameduck 1s
            }
        }
        """,
    ),
    "lameduck twice in a health": (
        1.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 3s
                lameduck 1s
            }
        }
        """,
    ),
    "a health without lameduck after one with": (
        2.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 2s
            }
            HEALTH
        }
        """,
    ),
    "a snippet": (
        2.0,
        """
        (probes) {
            HEALTH {
                lameduck 2s
            }
        }
        .:PORT {
            SERVER
            import probes
        }
        """,
    ),
    "a snippet in two blocks counts twice": (
        2.0,
        """
        (probes) {
            HEALTH {
                lameduck 1s
            }
        }
        .:PORT {
            SERVER
            import probes
        }
        a.invalid:PORT {
            SERVER
            import probes
        }
        """,
    ),
    "a snippet after the block's own health wins": (
        1.0,
        """
        (probes) {
            HEALTH {
                lameduck 1s
            }
        }
        .:PORT {
            SERVER
            HEALTH {
                lameduck 3s
            }
            import probes
        }
        """,
    ),
    "the block's own health after a snippet wins": (
        1.0,
        """
        (probes) {
            HEALTH {
                lameduck 3s
            }
        }
        .:PORT {
            SERVER
            import probes
            HEALTH {
                lameduck 1s
            }
        }
        """,
    ),
    "bare": (
        0.0,
        """
        .:PORT {
            SERVER
            HEALTH
        }
        """,
    ),
    "no health": (
        0.0,
        """
        .:PORT {
            SERVER
        }
        """,
    ),
    "0s": (
        0.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 0s
            }
        }
        """,
    ),
    "negative": (
        0.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck -5s
            }
        }
        """,
    ),
    "a negative one takes nothing off another block": (
        2.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck -5s
            }
        }
        a.invalid:PORT {
            SERVER
            HEALTH {
                lameduck 2s
            }
        }
        """,
    ),
    "units and quotes": (
        1.25,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck "1s250ms"
            }
        }
        """,
    ),
    "a glued comment": (
        2.0,
        """
        .:PORT {
            SERVER
            HEALTH {
                lameduck 2s#x
            }
        }
        """,
    ),
    "a block without keys is dropped with its lameduck": (
        1.0,
        """
        "" {
            HEALTH {
                lameduck 4s
            }
        }
        .:PORT {
            SERVER
            HEALTH {
                lameduck 1s
            }
        }
        """,
    ),
    "a block without braces": (
        1.0,
        """
        .:PORT
        SERVER
        HEALTH {
            lameduck 1s
        }
        """,
    ),
    "a property on the line of its brace": (
        1.0,
        """
        .:PORT {
            SERVER
            HEALTH { lameduck 1s
            }
        }
        """,
    ),
}


def corefile(shape: str, port: int) -> str:
    words = {"PORT": str(port), "SERVER": SERVER, "HEALTH": HEALTH}
    return re.sub(
        "|".join(words), lambda found: words[found[0]], textwrap.dedent(SHAPES[shape][1]).lstrip("\n")
    )


@pytest.fixture(scope="module", params=[CURRENT, OLD])
def measured(request: pytest.FixtureRequest) -> dict[str, float]:
    """Seconds of answers after SIGTERM, for every shape."""
    binary, clock = coredns(request.param), SystemClock()

    async def one(shape: str, turn: asyncio.Semaphore) -> float:
        async with turn:
            port = free_port()
            samples, ending = await watch_shutdown(
                binary,
                corefile(shape, port),
                Question(LOOPBACK, port, "eksdns.invalid."),
                clock,
                pre_stop=0,
                grace=GRACE,
            )
        assert not ending.killed
        return answered_for(samples, ending)

    async def every(shapes: Collection[str]) -> list[float]:
        turn = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(one(shape, turn) for shape in shapes))

    found: dict[str, float] = {}
    for _ in range(ATTEMPTS):
        left = [shape for shape in SHAPES if not agrees(shape, found)]
        found |= zip(left, asyncio.run(every(left)), strict=True)
    return found


def agrees(shape: str, found: Mapping[str, float]) -> bool:
    return shape in found and abs(found[shape] - SHAPES[shape][0]) < AGREEMENT_SECONDS


@pytest.mark.parametrize("shape", SHAPES)
def test_coredns_answers_for_as_long_as_the_corefile_says(shape: str, measured: dict[str, float]) -> None:
    read = lameducks(parse(corefile(shape, 1053)))
    assert read.total / SECOND == SHAPES[shape][0]
    assert agrees(shape, measured), measured[shape]
