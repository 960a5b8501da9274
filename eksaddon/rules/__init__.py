"""Safety rules that no schema can state."""
