"""Does a report agree with itself, and with its data? Pure: text in, findings out; files are read in `readers`."""
