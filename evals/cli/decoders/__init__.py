"""`valuegauge decoders`: train, average and compare language-model decoders."""
