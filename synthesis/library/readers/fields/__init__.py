"""What one field of a reference holds, whatever the format: text, names, numbers."""
