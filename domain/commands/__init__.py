"""Commands: what daybook can be told, one verb per file, each gather → decide → record."""
