"""The action process: answers, and the clients that ask the partners."""
