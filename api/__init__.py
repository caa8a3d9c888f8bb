"""The bridge: the only part that faces the outside."""
