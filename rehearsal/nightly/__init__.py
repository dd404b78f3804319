"""Every dated moment in one night: on a country that is prepared, and on one that is not."""
