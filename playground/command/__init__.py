"""What the commands of ``cli`` do: ``serve`` supervises the parts, ``local`` and ``remote`` run one file."""
