"""May we bill this? One page by address: the facts in it are judged by the rulebook, with reasons."""
