"""eksdns init"""

import sys
from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Argument(help="File to write.")]
Force = Annotated[bool, typer.Option("--force", envvar="EKSDNS_FORCE", help="Replace a file that is there.")]


def init(file: Out = Path("eksdns.yaml"), force: Force = False) -> int:
    """Write a commented fleet file to start from."""
    from eksaddon.config.starter import STARTER
    from eksaddon.domain.errors import EksdnsError, ExitCode

    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(STARTER)
    except FileExistsError:
        raise EksdnsError(
            f"{file} is there already", hint="name another file, or use --force", exit_code=ExitCode.REFUSED
        ) from None
    except OSError as error:
        raise EksdnsError(f"cannot write {file}: {error.strerror}", hint="check the path") from None
    sys.stdout.write(f"wrote {file}\n")
    sys.stderr.write(f"next: edit it, then `eksdns validate {file}` and `eksdns plan --all`\n")
    return 0
