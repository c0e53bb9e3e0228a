from playground.pipeline import imperative


def run(session, source, sources):
    imperative.run(session, source, sources)
