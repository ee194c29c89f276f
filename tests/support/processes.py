"""Where processes of tests come from: copies of one that has imported everything, so that they start in milliseconds.

A server of copies is made once in a process, with what it is told first: everybody takes the context from here.
"""

import multiprocessing
from typing import Final

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "pytest",
        "api.cli.commands",
        "tests.api.objects_stage",
        "tests.api.site",
        "tests.served.process",
        "tests.support.writer",
    ]
)
