"""What calls a formal governance review.

kinds      one file for each kind of trigger: its words, what holds, how near it is; and their registry
situation  what a scope's triggers are held against, and what counts
runs       turns that go wrong one after the other
evaluate   which conditions hold now: each occurrence with its evidence
firing     causes that hold × causes on record → what fires, what has ended, which reviews are called
forecast   how near each trigger is to firing, and when it fires by itself
notices    who hears that it fired
"""
