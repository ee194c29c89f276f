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

What does not hold is an ``AssertionError`` with a sentence that says what should.
"""

from adapters.conformance.calling import Calling
from adapters.conformance.declaring import Declaring
from adapters.conformance.reading import Reading
from adapters.conformance.trying import Trial, TrialVault, limits_for_trials


class SystemConformance(Declaring, Calling, Reading):
    """Everything that holds of every system."""


__all__ = ["SystemConformance", "Trial", "TrialVault", "limits_for_trials"]
