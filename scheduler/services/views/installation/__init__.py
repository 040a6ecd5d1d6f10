"""What the operator looks after: how the program runs, letters, answers to read, what lets somebody in, the clock."""
