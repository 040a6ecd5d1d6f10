"""Which reviews there are to be, and what becomes of those on record: plan × record → actions."""
