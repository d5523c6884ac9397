"""Pictures: what is kept of them, and the sizes in which they are served."""
