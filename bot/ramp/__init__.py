"""The ramp of an organisation: the list of what there is to take, and who is offered what of it."""
