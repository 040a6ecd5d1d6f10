"""What is owed of each KPI, by whom and when, under which version of the definition; how it stands, and whom silence
reaches."""
