"""Mail that comes in: whose it is, answers to invitations, letters that are given back."""
