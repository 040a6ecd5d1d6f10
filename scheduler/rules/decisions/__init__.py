"""What a partnership's bodies decide, and what becomes of it.

coming_back   which decisions stand on which agenda
cure          the action plan of a formal review's decision to cure
deadlocks     where a matter goes on which they cannot agree, and on which day
register      the decisions of minutes × those on record → what changes; how each stands
voting        decisions without a meeting: who votes, what it comes to
"""
