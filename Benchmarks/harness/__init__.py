"""What the scenarios share: servers, peers, the compiled generator, people who are signed in, and the page of results."""
