"""Makes the samples of this folder known to the tests of the browser below it."""
