"""What daybook knows: facts, the two aggregates, records, polling, money, the business date, ports and commands.

Standard library and msgspec only; nothing here opens a file, a socket or a clock.
"""
