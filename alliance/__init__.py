"""The domain of the alliance: standard library only, shared by every process."""
