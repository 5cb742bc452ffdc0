"""Documents of applications: the PDF of what was submitted, and the versioned legal texts in it (R95)."""
