"""`make demo`: the main job as a front end would do it, over HTTP, with an outside carrier listening.

`api` is the front end's client, `journey` the producer's day, `payer` the applicant on the hosted payment page, and
`carrier` a subscriber that knows AMQP and nothing of ours. The integration tests walk the same journey.
"""
