"""What holds for every test: any `--now` works on the record that the test is given, in programs that it starts too
(only the tests of the scratch copy take this away again); and what is written lies in memory.
"""

import os

from hypothesis import HealthCheck, settings

from tests.compiled_once import compile_once
from tests.in_memory import write_into_memory

os.environ["CADENCE_CLOCK"] = "free"
write_into_memory()
compile_once()

# A busy machine is slow, and that is no fault: no example has a deadline, and none is too slow to be drawn. The
# examples are the same each time, so that a verdict is about the change that it is given on.
settings.register_profile("cadence", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cadence")

pytest_plugins = ["tests.golden"]
