"""What is run: questions asked, letters read, statements verified, collections searched."""
