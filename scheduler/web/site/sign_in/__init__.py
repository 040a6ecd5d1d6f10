"""Signing in, as browsers see it: one module a way."""
