"""Over HTTP: calendars to subscribe to, forms behind signed links, readings from programs, whether the daemon works.

feeds           what a subscription shows, as bytes: built when somebody first wants it, in sections that are kept
feed_cache      those bytes as they are sent, each kept for as long as nothing it shows has changed
conditional     what a request's headers ask for: an encoding, or only what has changed
lru             what was asked for last stays, up to a size
unit_of_work    the app as forms and programs use it
pages           what leaves as HTML, and what comes back from a form
links           what a signed link opens
forms           the life of a form: shown by GET, recorded by POST; a report and a verdict are the two there are
agenda_page     a review's agenda as a page
api             the API by which programs report
app             requests in, answers out
security        what every answer says to browsers and caches
connections     how many there may be, and how long each may take
serving         the server in a thread of the daemon's process
"""

from .serving import WebServer

__all__ = ["WebServer"]
