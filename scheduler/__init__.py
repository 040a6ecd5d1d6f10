"""cadence keeps strategic partnerships governed.

The flow, left to right; imports go the other way::

    definitions → plan → reconcile → publish → deliver          KPIs × readings × now → watch → deliver
     (YAML, CLI)  (pure)   (pure)     (text)   (files)                                (pure)

`domain` holds the nouns, `cycle` tells the whole story on one page (gather, decide, apply; safe to repeat), `store`
is what is remembered, `daemon` the alarm clock that calls the cycle, `cli` the command line.
"""

import zoneinfo

__version__ = "0.1.0"

# Zones are those of the tzdata package, the same on every machine: a distribution's own are often a year of law changes
# older. The plan is made anew when the package's version changes.
zoneinfo.reset_tzpath(to=())
