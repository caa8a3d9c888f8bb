"""The dialogue: the agenda of questions, the form that asks, the action that answers."""
