"""Clients of the partners backends."""
