"""One module a format; each turns a file's text into calls on a Composer."""
