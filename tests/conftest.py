"""What holds for every test: any `--now` works on the record that the test is given, in programs that it starts too.

Only the tests of the scratch copy take this away again.
"""

import os

os.environ["CADENCE_CLOCK"] = "free"
