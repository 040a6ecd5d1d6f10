"""cadence keeps strategic partnerships governed.

The flow, left to right; imports go the other way::

    definitions → plan → reconcile → publish → deliver          KPIs × readings × now → watch → deliver
     (YAML, CLI)  (pure)   (pure)     (text)   (files)                                (pure)

`domain` holds the nouns, `cycle` tells the whole story on one page (gather, decide, apply; safe to repeat), `store` is what is
remembered, `daemon` the alarm clock that calls the cycle, `cli` the command line.
"""

__version__ = "0.1.0"
