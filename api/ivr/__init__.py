"""The phone: one voice conversation core, and an adapter a platform that only translates."""
