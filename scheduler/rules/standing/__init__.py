"""How a partnership stands, and how far it keeps its own rhythm. Pure; thresholds stand in the playbooks."""
