"""What a person at the terminal sees: each step while it runs, how long it took, and errors as plain sentences."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Show a step: a spinner while it runs on a terminal, one line with its time when it is done."""
    started = time.monotonic()
    with err.status(f"{words} …"):
        yield
    err.print(f"[green]✓[/] {words} [dim]{time.monotonic() - started:.1f} s[/]")


def say_warning(sentence: str) -> None:
    """Print what is probably not meant, and go on."""
    err.print(f"[yellow]! {sentence}[/]")


def say_error(sentence: str) -> None:
    """Print why it stops here."""
    err.print(f"[red]✗[/] {sentence}", markup=True)
