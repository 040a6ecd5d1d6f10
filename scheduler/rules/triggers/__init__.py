"""What calls a formal governance review.

rules      when a condition holds, each in one function; and each rule in words
situation  what a scope's triggers are held against, and what counts
causes     which conditions hold now: each occurrence with its evidence
firing     causes that hold × causes on record → what fires, what has ended, which reviews are called
nearness   how near each trigger is to firing, and when it fires by itself
telling    who hears that it fired
"""
