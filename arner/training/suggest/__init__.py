"""What to annotate next: the unlabelled sentences that would teach a model most, with labels to begin from."""
