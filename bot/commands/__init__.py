"""Commands that people write in comments. Pure: text in, values out."""
