"""The same work for other load generators."""
