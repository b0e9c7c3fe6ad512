"""One charge described in an address, and the rulebook's answer: may we bill this?"""
