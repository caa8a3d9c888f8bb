"""Cases: opened with a reference number, kept, and delivered to the company until acknowledged."""
