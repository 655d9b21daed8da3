"""Files in: upload, check, show, confirm, undo. One seam for every kind of file (`inti.JenisImpor`)."""
