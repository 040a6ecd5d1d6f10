"""The cycle, step by step: what is due is found, decided, governed, told, published."""
