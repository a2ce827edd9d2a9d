"""Concentration of use: how much of a service a few people take, and what becomes of them."""
