"""What a payer asks on a day: looked up, compared with state law, published by two people."""
