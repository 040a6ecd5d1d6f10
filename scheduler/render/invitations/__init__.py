"""Invitations by mail (RFC 5546, 6047): who gets which, and what they say."""
