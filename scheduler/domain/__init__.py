"""The nouns of partnership governance, frozen.

`partnership` is what a definition file says (with its `people`, `agreement`, `kpi` and `trigger`); `playbook` is what
its structural model says where the file is silent; `review` is a meeting of the cadence, planned and then recorded;
`measure` is
one KPI in one period. `phrases` holds the small languages people write in a definition (``8 working days``,
``third tuesday of month 2``, ``>= 0.3``), `terms` the closed vocabularies.

Nothing here reads a clock, a file or a database.
"""
