"""What the sites of the benchmark have beside their posts: settings, and Hugo's templates."""
