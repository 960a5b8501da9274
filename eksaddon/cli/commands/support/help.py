"""eksdns help"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from eksaddon.cli import messages

if TYPE_CHECKING:
    from eksaddon.cli.terminal import Terminal

Words = Annotated[
    list[str] | None, typer.Argument(metavar="TOPIC", help="A topic, or a command. Default: list the topics.")
]


Man = Annotated[bool, typer.Option("--man", envvar="EKSDNS_MAN", help="Print the manual page, for man(1).")]


def help_(context: typer.Context, words: Words = None, man: Man = False) -> int:
    """Show a page of the documentation, offline; without a topic, list them."""
    from eksaddon.app.topics import page, topic_names, topics
    from eksaddon.cli.columns import columns
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.escape import terminal_block

    root: Any = context.find_root()
    if man:
        from eksaddon.cli.help.man_page import man_page

        messages.rendered(man_page(root.command))
        return 0
    if not words:
        messages.rendered(columns(("topic", "about"), ((one.name, one.title) for one in topics())))
        messages.message("show one: eksdns help TOPIC; options of a command: eksdns COMMAND --help")
        return 0
    name = " ".join(words)
    if name not in topic_names() and _is_command(root.command, words):
        with root.command.make_context("eksdns", [*words, "--help"]) as shown:  # raises Exit after the help
            root.command.invoke(shown)
    at = terminal()
    text = page(name, tuple(root.command.list_commands(root)))
    messages.rendered(_drawn(text, at) if at.stdout_is_terminal else terminal_block(text))
    if _is_command(root.command, words):
        messages.message(f"options: eksdns {name} --help")
    return 0


def _is_command(command: object, words: list[str]) -> bool:
    for word in words:
        known = getattr(command, "commands", {})
        if word not in known:
            return False
        command = known[word]
    return True


def _drawn(text: str, at: "Terminal") -> str:
    """Markdown with headings, tables and code; the pages are our own, but are escaped all the same."""
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Markdown

    from eksaddon.report.escape import terminal_block

    out = StringIO()
    console = Console(
        file=out, width=min(at.width, 100), force_terminal=at.colour, no_color=not at.colour, highlight=False
    )
    console.print(Markdown(terminal_block(text), hyperlinks=False, code_theme="ansi_light"))
    return out.getvalue()
