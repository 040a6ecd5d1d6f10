"""Calendars as text (RFC 5545): events, to-dos, time zones, and the feeds and files made of them."""
