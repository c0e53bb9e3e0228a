"""Result out: ``highlight`` turns generated code into HTML by the line."""
