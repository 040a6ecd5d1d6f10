"""What is known × now → what is owed, what is told to whom, and what calls a formal review.

measures   every period of every KPI: who is asked, when it falls due, how it stands
ladder     whom an overdue KPI has reached, and whom it reaches next; `rungs` climbs the others
trend      which way a KPI moves, and how it stands against its target
triggers/  which triggers of the definition hold, what of it is new, and how near the others are
track      the launch track of a checkpoint; `verdicts` judges its criteria
minutes/   what a meeting decided and left to do, as actions on record; `actions` says how they stand
closing    what follows a review: its word, its minutes, objections
agreement  the dates of the agreement, documents that expire, empty seats
notices    all that is told to people, as one timeline

Pure: `now` is handed in, and nothing here reads a file, a database or a clock.
"""
