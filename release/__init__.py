"""What a release is made of, beside the program: its bill of materials, its manual pages, its packages.

`hook` is what the build backend calls; `make` calls the rest. Nothing here is in the wheel, and nothing reads the
clock: two builds of one commit are the same bytes.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout, or the unpacked sdist."""
