"""The runner: one daemon per device that owns the sandboxes. It never imports torch and never trusts what runs inside.

``daemon`` listens; ``engine`` admits and queues; ``standby`` keeps sandboxes ready; ``conductor`` takes one run through
one sandbox; ``zygote`` is the fork server with torch, ``inside`` what its children do. ``client`` is for those outside.
"""
