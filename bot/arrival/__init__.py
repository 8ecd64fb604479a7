"""What is said once to an organisation when the app has been installed there: what is found of it, what is proposed."""
