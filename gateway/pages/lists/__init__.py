"""The lists of applications (R97-R99): tabs, order, filters, search by client name, pages and CSV."""
