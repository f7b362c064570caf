"""How well a model reads labelled text: scores and their intervals, mistakes, relations, two models side by side."""
