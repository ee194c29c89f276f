"""A simulated HR system: people who join, change and leave, told by SCIM 2.0 on this machine."""

from adapters.hris.scim.simulator.answering import TOKEN, Asked, HrService, Reply
from adapters.hris.scim.simulator.describing import EXTENSION
from adapters.hris.scim.simulator.directory import Directory
from adapters.hris.scim.simulator.serving import Running, running
from adapters.hris.scim.simulator.staff import Job, Worker, draw_workers

__all__ = [
    "EXTENSION",
    "TOKEN",
    "Asked",
    "Directory",
    "HrService",
    "Job",
    "Reply",
    "Running",
    "Worker",
    "draw_workers",
    "running",
]
