"""Catalogue: reads files in the layouts of CMS (Landscape, and the public use files) into what quote stores.

Pure reading: no database. Each file is taken whole or refused whole; a bad row is named by file, line and column.
"""
