"""What happened or is to happen: reviews, measurements, notifications, invitations and their answers, verdicts."""
