"""Who is talking, and how well that is proven."""
