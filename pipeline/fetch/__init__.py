"""Fetching: from addresses to files that the plan reads. Only the driver does it; workers never touch the network.

`feed_list` says which addresses there are, `state` what is known of each from the last commit, `policy` (pure) whether and how it
is asked and when next, `poll` asks them, a host at a time, `client` makes one request through the `guard` that checks every address
dialled, `pages` fetches the full text of entries that are cut short, where `robots` lets it.
"""
