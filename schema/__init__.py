"""The public face: everything a client may say."""
