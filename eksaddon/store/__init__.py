"""Where runs are recorded: a folder, or S3."""
