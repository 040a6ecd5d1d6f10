"""The daemon's loop is tried in a town of the cycle's tests."""

from tests.held import only_what_is_held_is_written  # noqa: F401  (for each test here)
from tests.services.conftest import build, empty_database, model_app, town

__all__ = ["build", "empty_database", "model_app", "town"]
