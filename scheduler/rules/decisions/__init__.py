"""What a partnership's bodies decide, and what becomes of it.

deadlocks     where a matter goes on which they cannot agree, and on which day
register      the decisions of minutes × those on record → what changes; how each stands
voting        decisions without a meeting: who votes, what it comes to
"""
