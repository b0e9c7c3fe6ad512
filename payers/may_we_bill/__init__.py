"""May we bill this? A page by address: the facts in it are judged by the rulebook, with reasons."""
