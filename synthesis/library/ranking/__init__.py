"""Undecided records in order of likely inclusion, and when one may stop."""
