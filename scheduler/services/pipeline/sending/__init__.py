"""Letters on their way out: which way each goes, batches over one connection, and what is learnt of addresses."""
