"""What outlasts one call: settings of the process, and results kept from one run to the next."""
