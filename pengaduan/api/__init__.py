"""What citizens bring, for machines."""
