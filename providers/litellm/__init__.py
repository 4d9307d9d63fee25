"""`litellm/<provider>/<model>`: any model that litellm reaches."""
