"""The embedded models and, in `recipe`, what rebuilds them."""
