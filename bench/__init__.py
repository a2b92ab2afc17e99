"""What is measured, in numbers that mean something only beside their reference in the same run."""
