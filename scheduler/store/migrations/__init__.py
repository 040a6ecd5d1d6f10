"""How the schema came to be, step by step. A step, once released, is never edited: write the next one.

To add one, change `tables`, write ``versions/0002_what_it_does.py`` by hand after the example of its predecessor, and
name it in `scheduler.store.migrate.KNOWN`; the tests compare the outcome with `tables` on every engine.
"""
