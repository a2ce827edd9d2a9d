"""Decisions from and for other screening programs: Rayyan, Covidence, ASReview, EPPI-Reviewer."""
