"""A trained model → its folder: ONNX copies, temperature, pictures, card, report."""
