"""What several adapters share to reach somebody outside."""
