"""Calendars over HTTP: feeds to subscribe to, and whether all is well.

feeds     what a subscription shows, as bytes: built when somebody first wants it, in sections that are kept
copies    those bytes as they are sent, each kept for as long as nothing it shows has changed
asking    what a request's headers ask for: an encoding, or only what has changed
app       requests in, answers out
serving   the server in a thread of the daemon's process
"""

from .serving import Web

__all__ = ["Web"]
