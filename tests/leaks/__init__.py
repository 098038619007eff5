"""The leak test: what a reader may not see does not exist, on any address, in any answer.

`world`     one database with rows of every kind, hidden in every way; it knows for whom each row is
`roles`     who asks
`grammar`   what is asked: every route, in every way that could give something away
`worlds`    the four kinds of change to what a role may not see, after which every answer must be the same
`telling`   what an answer tells: masked for comparing, and searched for planted words
`asking`    sends the requests, world by world
`breakages` deliberate faults, and what catches each: `make breakages`
"""
