"""Makes data files that come with the services."""
