"""Members, their roles and tokens: what makes a request's viewer."""
