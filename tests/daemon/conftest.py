"""The daemon's loop is tried in a town of the cycle's tests."""

from tests.services.conftest import build, empty_database, model_app, town

__all__ = ["build", "empty_database", "model_app", "town"]
