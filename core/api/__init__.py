"""The REST framework of the portal: what every address under /api/v1/ promises. Knows no app.

`galat` refusals as problem+json · `parser` strict JSON · `masukan` strict fields · `saring` filters, orders, cursors ·
`views` read-only lists and details, and acts · `sekali` Idempotency-Key · `versi` If-Match · `pembatas` limits by caller ·
`skema` the OpenAPI of all that.
"""
