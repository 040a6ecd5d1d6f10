"""The files that people hand on: agendas and minutes for Word, KPIs, actions and decisions for spreadsheets."""
