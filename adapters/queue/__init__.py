"""The queue on PostgreSQL: hands out what is due to any number of workers. It holds nothing that counts."""

from adapters.queue.jobs import Job, Work
from adapters.queue.queue import Queue, Timing
from adapters.queue.schema import NEWEST, SCHEMA, statements

__all__ = ["NEWEST", "SCHEMA", "Job", "Queue", "Timing", "Work", "statements"]
