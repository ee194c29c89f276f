"""Working off what is due: in one process, or handed out by a queue to any number of them."""

from api.work.asking import Asked, ask, rules_of
from api.work.polling import Work
from api.work.runner import Runner, runner_for, work_for

__all__ = ["Asked", "Runner", "Work", "ask", "rules_of", "runner_for", "work_for"]
