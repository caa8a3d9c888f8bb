"""What runs in Rasa's NLU pipeline."""
