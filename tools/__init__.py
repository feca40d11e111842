"""What builds and checks Juluo: browser assets, the test browser, translations. Not part of the installed package."""
