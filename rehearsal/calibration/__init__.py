"""How good the generator itself is: measured against a stub whose truth is known."""
