"""What is done: the only code that opens write transactions."""
