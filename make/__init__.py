"""What the Makefile runs. Plain Python without packages: it starts before the virtual environment exists."""
