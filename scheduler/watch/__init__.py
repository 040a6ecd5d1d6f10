"""KPIs × readings × now → what is due, what is overdue, and how far up the ladder its lateness has climbed.

`measures` says for every period of every KPI who is asked, when it falls due and how it stands; `ladder` whom an
overdue one has reached and whom it reaches next; `trend` which way a KPI moves and how it stands against its target.

Pure: `now` is handed in, and nothing here reads a file, a database or a clock.
"""
