"""An edge that is opened at its first use."""

from concurrent.futures import ThreadPoolExecutor

from eksaddon.app.first_use import FirstUse


class Edge:
    def __init__(self) -> None:
        self.calls = 0

    def read(self, name: str) -> str:
        self.calls += 1
        return f"read {name}"


def test_nothing_is_opened_before_the_first_use() -> None:
    first_use = FirstUse(Edge)
    edge = first_use.as_object()
    before = first_use.opened
    assert edge.read("a") == "read a"
    after = first_use.opened
    assert before is None
    assert after is not None
    assert after.calls == 1


def test_many_threads_open_one_object() -> None:
    opened: list[Edge] = []

    def open_edge() -> Edge:
        opened.append(Edge())
        return opened[-1]

    edge = FirstUse(open_edge).as_object()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(edge.read, ["a"] * 32)) == {"read a"}
    assert len(opened) == 1
