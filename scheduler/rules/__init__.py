"""From a definition and its playbooks to the reviews of a window, with their clocks. Pure: one `now`, one plan.

The flow: `cadence` fills a partnership's scopes and series in; `recurrence` (with `periods` and `rules`) gives a
series' nominal dates; `placing` moves them off the days off that `days` knows; `clock` makes moments of them;
`meeting` and `checkpoint` make reviews, with the `clocks` around them; `reviews` is the whole, with its `notes`.
"""
