"""Topics of Kafka as sources: from messages on a broker to files that the plan reads. Only the driver does it; workers never touch the network.

`address` says which topic is meant, `options` how its brokers are spoken to, `state` what is known of it from the last commit, `offsets`
(pure) from where to where its partitions are read, `client` asks the brokers (it alone knows their library), `take` puts what came into files.

Offsets are the dataset's: they stand in the manifest of the commit that has the rows, so the two cannot disagree. No consumer group is joined.
"""
