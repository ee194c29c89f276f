"""``python -m api`` is ``daybook``."""

from api.cli import main

main()
