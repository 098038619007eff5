"""The dossier: one person as a dated, sourced chronology, gathered once and written as a page and as a document.

gather     reads what one reader may see into one frozen Dossier (content)
reader     who the dossier is for: its maker, or somebody who may see less
docx       writes it as a Word document; the page is a template
"""
