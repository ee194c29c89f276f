"""The command line: every command says what it did in sentences, or as JSON."""

from api.cli.commands import app, main

__all__ = ["app", "main"]
