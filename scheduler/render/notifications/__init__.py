"""What people are told by letter or in a chat."""
