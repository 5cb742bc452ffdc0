"""The portal's pages: Jinja2 on the CMS design system; every form works without JavaScript."""
