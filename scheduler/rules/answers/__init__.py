"""What people answer to a letter in their own words: which line is to which question, and what it says."""
