"""How long the links live that open something for one person: by these, too, a key that signed them is kept."""

from datetime import timedelta

LONGEST_LIFE = timedelta(days=400)
"""No link that says itself until when it is good is good for longer."""
AGENDA_IS_OPEN = timedelta(days=90)
"""A link to an agenda says no day: so long after its review it can be read. One that answers or adds to it closes
before that."""
