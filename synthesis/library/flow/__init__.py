"""The PRISMA flow: counts that add up, and the diagram."""
