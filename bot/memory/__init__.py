"""What Switchback knows: tables, and the way in (`project`) and out (`recall`).

Memory keeps who did what kind of thing, where and when. It never keeps what people wrote: payloads stay in the inbox
just until they are projected.
"""
