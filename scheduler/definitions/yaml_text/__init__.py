"""A definition as text: read with the place of every value, and edited with its comments kept."""
