"""Invented members, claims and providers: deterministic by seed, relative to an anchor day."""
