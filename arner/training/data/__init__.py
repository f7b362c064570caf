"""Labelled text of any form → one form, with what was repaired, and the report on it. Loads no torch."""
