"""What happened, for those who answer for the service: records, figures, withdrawals, learning."""
