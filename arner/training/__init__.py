"""Labelled text → figures and models: readers, data report, evaluation, fine-tuning. Importing it loads no torch."""
