"""What an instrument is made of, compared with the tables of its paper."""
