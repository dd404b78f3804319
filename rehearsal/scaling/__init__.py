"""How large a rehearsal this machine carries honestly, and what a larger one would need."""
