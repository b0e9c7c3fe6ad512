"""What leaves for the biller: released charges in numbered batches."""
