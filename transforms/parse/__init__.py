"""What a parse shows whoever asks: small questions to its tokens, the record of a clause, and the model that made it."""
