"""From one row of an extraction sheet to yi, vi and a receipt."""

from synthesis.effects.blank_sheet import template as template
