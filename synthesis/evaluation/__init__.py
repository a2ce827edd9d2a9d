"""Methods of programme evaluation: rounds of experts, readings of outcomes, value, use, themes."""
