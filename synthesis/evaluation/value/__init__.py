"""Value for money: costs and benefits year by year, discounted, traced along arrows, and doubted."""
