"""Statutory tables whose cells no rule sets apart, read from their words and where these stand.

What prints the words: pdfium's glyphs (pdfium_words.py), tabula's characters (tabula_words.py), lines of text
(text_words.py). What they tell: tables by the places of their words (word_places.py: heads.py, then rows.py
under them, then columns.py), and by their order alone (word_order.py).
"""
