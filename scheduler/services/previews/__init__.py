"""What would happen: a cycle that writes nothing, an edit before it takes effect, a walk through days to come."""
