"""All that an installation knows, in a form that needs no cadence: for another one, or for another program."""
