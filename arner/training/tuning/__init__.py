"""The training run: base model, label sets, loss, loop, checkpoints. torch is imported within functions alone."""
