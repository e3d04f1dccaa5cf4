"""Who someone is: users, their dated assignments, machine clients, and the tokens they come with."""
