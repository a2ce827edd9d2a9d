"""What a review is made from: its declaration, its sheets, its records and decisions."""
