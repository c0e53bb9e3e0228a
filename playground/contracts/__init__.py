"""What travels: the request, the events, the result, the errors, the wires. Imports nothing else of ours."""
