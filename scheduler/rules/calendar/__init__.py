"""Days, hours and moments: working days and whole days off, wall-clock times in their zones, periods, and RFC 5545's
recurrence rules."""
