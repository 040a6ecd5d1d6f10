"""A review's agenda: briefing, items with their minutes, KPI lines, risks, action items, as Markdown and HTML."""
