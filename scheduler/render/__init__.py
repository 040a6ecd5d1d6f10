"""Agendas, calendars and letters: values in, text out."""
