"""What may be answered, what needs a notice, and when to send for help instead."""
