"""How well members are understood, on sentences that were never trained on."""
