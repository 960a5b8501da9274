import random
import re

from hypothesis import assume, given
from hypothesis import strategies as st

from eksaddon.corefile import (
    Corefile,
    Edited,
    Refused,
    RemoveDirective,
    RemoveProperty,
    ServerBlock,
    SetArguments,
    SetProperty,
    Surroundings,
    decode,
    edit,
    lameducks,
    lex,
    occurrences,
    parse,
    set_lameduck,
    short_duration,
)
from tests.support.corefile.inputs import ENVIRONMENT, random_corefile
from tests.support.corefile.models import PLAIN, Line, Model, Style, models, styles
from tests.support.examples import examples

few = examples(40)
durations = st.sampled_from(["20s", "1m30s", "5s", "0s", "750ms"])
ANYTHING = Surroundings(environment=ENVIRONMENT, directives=None)


def changed(text: str, duration: str, block: str) -> Edited:
    found = set_lameduck(text, duration, block=block)
    assert isinstance(found, Edited), found
    return found


def said(block: ServerBlock, *, but: str = "") -> dict[str, list[tuple[object, ...]]]:
    """What each directive says to its plugin."""
    return {
        name: [
            (each.name.text, *(arg.text for arg in each.args), *(prop.words for prop in each.properties))
            for each in occurrences(tokens)
        ]
        for name, tokens in block.groups.items()
        if name != but
    }


def everything(corefile: Corefile) -> list[tuple[tuple[str, ...], dict[str, list[tuple[object, ...]]]]]:
    return [(block.keys, said(block)) for block in corefile.blocks]


@few
@given(models(), styles(), durations, st.data())
def test_the_asked_block_gets_the_value_and_all_else_stays(
    model: Model, style: Style, duration: str, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(model.keys) - 1))
    text = model.write(style)
    edited = changed(text, duration, model.keys[number])
    before, after = lameducks(edited.before).blocks, lameducks(edited.after).blocks
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if at == number:
            assert short_duration(new.nanoseconds) == duration
            assert said(old.block, but="health") == said(new.block, but="health")
        else:
            assert said(old.block) == said(new.block)


@few
@given(models(), styles(), durations, st.data())
def test_text_outside_the_reported_spans_is_kept(
    model: Model, style: Style, duration: str, data: st.DataObject
) -> None:
    text = model.write(style)
    edited = changed(text, duration, data.draw(st.sampled_from(model.keys)))
    at, shift = 0, 0
    for each in edited.edits:
        assert text[at : each.start] == edited.text[at + shift : each.start + shift]
        at, shift = each.end, shift + len(each.new) - (each.end - each.start)
    assert text[at:] == edited.text[at + shift :]


@few
@given(models(), styles(), durations, st.data())
def test_an_edit_made_twice_is_made_once_and_the_current_value_changes_nothing(
    model: Model, style: Style, duration: str, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(model.keys))
    once = changed(model.write(style), duration, key)
    again = changed(once.text, duration, key)
    assert (again.text, again.edits) == (once.text, ())


@few
@given(models(), styles(), durations, st.data())
def test_edits_look_the_same_in_any_style(
    model: Model, style: Style, duration: str, data: st.DataObject
) -> None:
    directives = [line for line in model.lines if line.depth and not line.words.startswith("#")]
    assume(directives)  # else there is no indent to take after
    key = data.draw(st.sampled_from(model.keys))
    plain = changed(model.write(PLAIN), duration, key).text
    styled = changed(model.write(style), duration, key).text
    lines = [
        re.sub(r"^( {4})+", lambda found: style.unit * (len(found[0]) // 4), line)
        for line in plain.split("\n")
    ]
    assert styled == ("\ufeff" if style.bom else "") + style.newline.join(lines)


@few
@given(models(), durations, st.data())
def test_comments_and_blank_lines_make_no_difference(
    model: Model, duration: str, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(model.keys))
    lines = list(model.lines)
    for number in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines)))
        lines.insert(at, Line(1, f"# added {number}"))
    commented = changed(Model(tuple(lines), model.keys, model.final_newline).write(PLAIN), duration, key)
    plain = changed(model.write(PLAIN), duration, key)
    assert [token.text for token in lex(commented.text)] == [token.text for token in lex(plain.text)]
    assert commented.text.count("# added") == len(lines) - len(model.lines)


@few
@given(models(), styles(), st.data())
def test_adding_and_removing_a_server_restores_the_text(
    model: Model, style: Style, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(model.keys))
    text = model.write(style)
    loop = edit(text, SetArguments("bufsize", ("1232",)), block=key)
    assert isinstance(loop, Edited)
    back = edit(loop.text, RemoveDirective("bufsize"), block=key)
    assert isinstance(back, Edited)
    assert back.text == text


@few
@given(models(), styles(), st.data())
def test_a_property_that_is_added_and_removed_again_leaves_no_trace(
    model: Model, style: Style, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(model.keys))
    text = model.write(style)
    assume(len(parse(text).blocks[model.keys.index(key)].named("forward")) == 1)
    added = edit(text, SetProperty("forward", "force_tcp"), block=key)
    assert isinstance(added, Edited)
    back = edit(added.text, RemoveProperty("forward", "force_tcp"), block=key)
    assert isinstance(back, Edited)
    assert back.text == text


@examples(150)
@given(st.integers(0, 1 << 40), durations, st.booleans())
def test_any_bytes_are_edited_with_proof_or_refused(seed: int, duration: str, in_snippet: bool) -> None:
    text = decode(random_corefile(random.Random(seed)))
    found = set_lameduck(text, duration, in_snippet=in_snippet, surroundings=ANYTHING)
    match found:
        case Refused():
            assert found.message
        case Edited():
            assert found.before.text == text
            assert lameducks(found.after).total == lameducks(parse(found.text, ANYTHING)).total
            assert short_duration(lameducks(found.after).total) == duration


@examples(150)
@given(
    st.integers(0, 1 << 40),
    st.sampled_from(
        [
            SetArguments("cache", ("60", "a b")),
            SetArguments("errors", ()),
            SetProperty("health", "lameduck", ("20s",)),
            SetProperty("forward", "policy", ("random",)),
            RemoveProperty("health", "lameduck"),
            RemoveDirective("log"),
        ]
    ),
)
def test_any_request_is_executed_once_or_refused(seed: int, request_: SetArguments) -> None:
    text = decode(random_corefile(random.Random(seed)))
    found = edit(text, request_, block="#1", in_snippet=True, surroundings=ANYTHING)
    if isinstance(found, Edited):
        again = edit(found.text, request_, block="#1", in_snippet=True, surroundings=ANYTHING)
        assert isinstance(again, Edited)
        assert everything(again.after) == everything(found.after)
        assert not again.edits
