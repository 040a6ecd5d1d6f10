"""KPIs × readings × now → what is due, what is overdue, and how far up the ladder its lateness has climbed.

`measures` says for every period of every KPI who is asked, when it falls due and how it stands; `ladder` whom an
overdue one has reached and whom it reaches next; `trend` which way a KPI moves and how it stands against its target.

`triggers` says which triggers of the definition hold in a `situation`, `firing` what of it is new and which formal
review it calls, `nearness` what the others wait for; `fired` tells people.

`minutes` reads what a meeting decided and left to do (`assigned`: who, by when), `filing` makes it actions on record,
`actions` says how they stand and who is told; `closing` asks for what follows a review: its word, its minutes.

Pure: `now` is handed in, and nothing here reads a file, a database or a clock.
"""
