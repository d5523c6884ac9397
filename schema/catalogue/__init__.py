"""Mutations of the catalogue: inputs and payloads for each noun, around the one mechanism of the room."""
