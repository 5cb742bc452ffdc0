"""Census: files of households in, files of premiums out; the ``census`` command."""
