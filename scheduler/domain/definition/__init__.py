"""What a definition says: partnership, agreement, people, KPIs, triggers, and the playbook that speaks where it is
silent."""
