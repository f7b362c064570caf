"""The recipe that rebuilds the embedded model: stages that are run with ``python -m models.recipe STAGE --help``."""
