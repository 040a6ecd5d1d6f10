"""What a partnership's bodies decide, and what becomes of it.

register      the decisions of minutes × those on record → what changes; how each stands
"""
