"""Exports in XML, read reference by reference, without document types and entities."""
