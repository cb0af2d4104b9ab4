"""Statutory tables whose cells no rule sets apart, read from their words and where these stand.

Tables are recognised by the places of their words (word_places.py, under the heads that heads.py finds), and
by their order alone (word_order.py). Words come from pdfium's glyphs (../pdf_pdfium.py), from tabula's
characters (../pdf_tabula.py) and from lines of text (text_words.py).
"""
