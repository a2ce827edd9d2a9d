"""What can be done next with what one has."""
