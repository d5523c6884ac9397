// Documents that the server sends before and beside the build: it cannot load them, so it knows their ids.

export const RECORD_VIEWS = 'sha256:4434816b0f0c96b872e0df2b02a3bfa7accc3d4e80862c0e4d0f6335abed6bab';
