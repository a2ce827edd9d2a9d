"""Figures fitted to a page: drawn smaller, wrapped, turned, or split over several pages."""
