"""`python -m scheduler` is the command `cadence`."""

from scheduler.cli import main

main()
