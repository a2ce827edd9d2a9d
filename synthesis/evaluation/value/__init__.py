"""Value for money: costs and benefits by year, discounted, traced along arrows, and doubted."""
