"""What runs inside Rasa: understanding, tracker store, the channel that the bridge calls."""
