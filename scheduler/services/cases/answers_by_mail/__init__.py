"""A mail answers what a letter of ours asked: it is done as the form would do it, and one letter goes back."""
