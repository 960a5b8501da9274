"""What eksaddon.frozen defines cannot be told from what the standard decorator defines."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, InitVar, field
from itertools import product
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from eksaddon import frozen

T = TypeVar("T")
STANDARD: Any = dataclasses.dataclass(frozen=True, slots=True)
OURS: Any = frozen.dataclass(frozen=True, slots=True)
Decorator = Callable[[type], Any]


def empty(decorator: Decorator) -> Any:
    @decorator
    class Value:
        pass

    return Value


def single(decorator: Decorator) -> Any:
    @decorator
    class Value:
        a: int

    return Value


def rich(decorator: Decorator) -> Any:
    @decorator
    class Value(Generic[T]):
        """Documented."""

        KIND: ClassVar[str] = "kind"
        a: int
        b: str = "b"
        c: tuple[int, ...] = field(default=(), repr=False)
        d: list[int] = field(default_factory=list, compare=False)
        e: str = field(init=False, default="e")
        f: dict[str, int] = field(init=False, default_factory=dict, compare=False, metadata={"is": "seen"})

        @property
        def double(self) -> int:
            return 2 * self.a

    return Value


def checked(decorator: Decorator) -> Any:
    @decorator
    class Value:
        a: int
        b: int = 0
        c: int = field(init=False)

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError("negative")
            object.__setattr__(self, "c", self.a + self.b)

    return Value


def described(decorator: Decorator) -> Any:
    @decorator
    class Value:
        a: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    return Value


def special(decorator: Decorator) -> Any:
    @decorator
    class Value:
        a: int
        b: int = field(default=1, kw_only=True)
        c: int = field(default=2, hash=False)

    return Value


def derived(decorator: Decorator) -> Any:
    @decorator
    class Base:
        a: int

    @decorator
    class Value(Base):
        b: int = 1

    return Value


def redefined(decorator: Decorator) -> Any:
    @decorator
    class Base:
        a: int
        b: int = 1

    class Between(Base):
        __slots__ = ()

    @decorator
    class Value(Between):
        b: int = 2
        c: str = field(default="c", compare=False)

    return Value


def by_name(decorator: Decorator) -> Any:
    kw_only: Any = decorator

    @kw_only
    class Base:
        a: int
        b: int = field(default=1, kw_only=True, metadata={"is": "seen"})

    @kw_only
    class Value(Base):
        c: int = field(kw_only=True, default_factory=int)
        d: int = 4

    return Value


MADE = (redefined, by_name, empty, single, rich, checked, described, special, derived)
GIVEN: tuple[tuple[tuple[object, ...], dict[str, object]], ...] = (
    ((), {}),
    ((1,), {}),
    ((1, 2), {}),
    ((-1,), {}),
    ((), {"a": 1}),
    ((1,), {"b": 3}),
    ((1,), {"a": 1}),
    ((1,), {"zz": 1}),
    ((1, "b", (1,), [2]), {}),
)


def seen(act: Callable[..., object], *args: Any, **named: Any) -> object:
    """What comes of it, as text that names no class of its own."""
    try:
        return repr(act(*args, **named))
    except Exception as error:  # noqa: BLE001  # any difference is one
        return type(error), str(error)


def compared(kind: Any, first: tuple[object, ...], second: tuple[object, ...]) -> object:
    one, other = kind(*first), kind(*second)
    return one == other, one != other, one == first, hash(one) == hash(other), {one: 1}.get(other)


ACTS: tuple[Callable[[Any], object], ...] = (
    lambda kind: dataclasses.replace(kind(1), a=5),
    lambda kind: dataclasses.asdict(kind(1)),
    lambda kind: copy.copy(kind(1)),
    lambda kind: copy.deepcopy(kind(1)) == kind(1),
    lambda kind: kind.__match_args__,
    lambda kind: kind.__slots__,
    lambda kind: kind.__dataclass_params__,
    lambda kind: [
        (one.name, one.type, one.init, one.repr, one.kw_only, one.metadata, one.default)
        for one in dataclasses.fields(kind)
    ],
    lambda kind: list(inspect.signature(kind).parameters),
    lambda kind: kind(1).__dict__,
)


@pytest.mark.parametrize("make", MADE)
def test_it_is_made_shown_compared_replaced_and_copied_alike(make: Callable[[Decorator], Any]) -> None:
    standard, ours = make(STANDARD), make(OURS)
    for args, named in GIVEN:
        assert seen(ours, *args, **named) == seen(standard, *args, **named)
    for (first, _), (second, _) in product(GIVEN, GIVEN):
        assert seen(compared, ours, first, second) == seen(compared, standard, first, second)
    for act in ACTS:
        assert seen(act, ours) == seen(act, standard)


@pytest.mark.parametrize("make", MADE)
def test_nothing_can_be_changed(make: Callable[[Decorator], Any]) -> None:
    value = make(OURS)() if make is empty else make(OURS)(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'a'"):
        value.a = 1
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'a'"):
        del value.a


def test_nothing_can_be_added() -> None:
    """Of the standard decorator, Python 3.11 raises a TypeError that names `super`."""
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'other'"):
        single(OURS)(1).other = 1


@frozen.dataclass(frozen=True, slots=True)
class Pickled:
    a: int
    b: tuple[int, ...] = ()


def test_all_fields_by_name() -> None:
    def make(decorator: Callable[..., Any]) -> Any:
        @decorator(frozen=True, slots=True, kw_only=True)
        class Base:
            a: int = 1
            b: int

        @decorator(frozen=True, slots=True, kw_only=True)
        class Value(Base):
            c: int

        return Value

    ours, standard = make(frozen.dataclass), make(dataclasses.dataclass)
    acts = (lambda kind: kind(b=2, c=3), lambda kind: kind(1, 2, 3), lambda kind: kind(b=2), *ACTS)
    for act in acts:
        assert seen(act, ours) == seen(act, standard)


@pytest.mark.parametrize("options", [{"order": True, "frozen": True}, {"order": True}, {}])
def test_mutable_and_ordered_classes_with_slots_are_alike(options: dict[str, bool]) -> None:
    def make(decorator: Callable[..., Any]) -> Any:
        @decorator(slots=True, **options)
        class Value:
            a: int
            b: int = 2

        return Value

    def changed(kind: Any) -> object:
        value = kind(1)
        value.a = 3
        return value

    ours, standard = make(frozen.dataclass), make(dataclasses.dataclass)
    acts = (
        changed,
        lambda kind: hash(kind(1)) == hash(kind(1)),
        lambda kind: [kind(1) < kind(2), kind(1) <= kind(1), kind(1) > kind(1, 1), kind(1) >= kind(2)],
        lambda kind: kind(1) < 5,
        lambda kind: copy.deepcopy(kind(1)) == kind(1),
    )
    for act in (*ACTS, *acts):
        assert seen(act, ours) == seen(act, standard)


def test_a_subclass_without_fields_has_the_signature_of_its_own_init() -> None:
    class Same(Pickled):
        pass

    class Other(Pickled):
        def __init__(self, other: int) -> None:
            super().__init__(other)

    assert list(inspect.signature(Same).parameters) == ["a", "b"]
    assert list(inspect.signature(Other).parameters) == ["other"]
    assert Other(1).a == Same(1).a == 1
    with pytest.raises(AttributeError):
        getattr(Same(1), "__signature__")  # noqa: B009  # not of the class


def test_what_the_first_instance_would_find_is_refused_at_the_definition() -> None:
    with pytest.raises(ValueError, match="mutable default of a"):

        @OURS
        class Value:
            a: list[int] = []  # noqa: RUF012  # that is the question

    with pytest.raises(TypeError, match="b without a default follows a"):

        @OURS
        class Another:
            a: int = 1
            b: int


def test_it_is_pickled_and_a_subclass_of_the_standard_decorator_is_frozen_too() -> None:
    assert pickle.loads(pickle.dumps(Pickled(1, (2,)))) == Pickled(1, (2,))

    @dataclasses.dataclass(frozen=True, slots=True)
    class Longer(Pickled):
        c: int = 3

    assert Longer(1) == Longer(1, (), 3)
    assert Longer(1) != Pickled(1)
    with pytest.raises(FrozenInstanceError):
        Longer(1).c = 4  # type: ignore[misc]  # that is the question


@pytest.mark.parametrize(
    "hint", [InitVar, InitVar[int], "InitVar[int]", "dataclasses.InitVar[int]", KW_ONLY, "KW_ONLY"]
)
def test_a_hint_that_is_no_field_is_refused(hint: object) -> None:
    with pytest.raises(TypeError, match="Value: a: InitVar and KW_ONLY need"):
        OURS(type("Value", (), {"__annotations__": {"a": hint}}))


def test_a_variable_of_the_class_is_no_field() -> None:
    @frozen.dataclass(frozen=True, slots=True)
    class Value:
        KIND: "ClassVar[str]" = "kind"
        a: int

    assert Value.KIND == "kind"
    assert Value(1).a == 1


def test_other_options_are_those_of_the_standard_decorator() -> None:
    @frozen.dataclass
    class Plain:
        a: int

    @frozen.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        a: int

    plain = Plain(1)
    plain.a = 2
    assert plain == Plain(2)
    assert Ordered(1) < Ordered(2)


def test_a_value_that_contains_itself_is_shown() -> None:
    value = rich(OURS)(1)
    value.f["self"] = value
    assert "..." in repr(value)
