"""The suite that every adapter passes, ours and strangers' alike; it needs nothing but a runner such as pytest.

A test module of an adapter is a class that says what is tried::

    from adapters.conformance import SystemConformance, Trial

    class TestMyPos(SystemConformance):
        def system(self):
            return SYSTEM

        @contextmanager
        def trial(self):
            with my_simulator() as url:
                yield Trial({"environment": url, "key": "good"}, {"key": "bad"}, day_request, ("Anna",))

A system that objects are written to passes :class:`TargetConformance` as well, in the same class or in another.

What does not hold is an ``AssertionError`` with a sentence that says what should.
"""

from adapters.conformance.calling import Calling
from adapters.conformance.declaring import Declaring
from adapters.conformance.failing import Failing
from adapters.conformance.reading import Reading
from adapters.conformance.targets import TargetTrial
from adapters.conformance.trying import Trial, TrialVault, limits_for_trials
from adapters.conformance.writing import Writing


class SystemConformance(Declaring, Calling, Reading):
    """Everything that holds of every system."""


class TargetConformance(Writing, Failing):
    """Everything that holds of every system that objects are written to, besides."""


__all__ = ["SystemConformance", "TargetConformance", "TargetTrial", "Trial", "TrialVault", "limits_for_trials"]
