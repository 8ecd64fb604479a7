"""Who comes after: what the issue, the terminal and the doctor say."""
