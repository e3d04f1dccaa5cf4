"""The commands that write what is committed beside the code: the OpenAPI document and the pages of docs/."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from childcare_api import document_file
from childcare_api.cases import procedure_page
from childcare_api.shared import catalogue

app = typer.Typer()


@app.command()
def openapi(
    output: Annotated[Path | None, typer.Option(help="The file to write; without it, the terminal.")] = None,
) -> None:
    """Write the OpenAPI document of this release."""
    if output is None:
        sys.stdout.buffer.write(document_file.content())
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(document_file.content())


@app.command()
def problems() -> None:
    """Write the catalogue of problems, docs/problems.md, to the terminal."""
    sys.stdout.write(catalogue.page())


@app.command("case-work")
def case_work() -> None:
    """Write the table of state, role and command, docs/case-work.md, to the terminal."""
    sys.stdout.write(procedure_page.page())
