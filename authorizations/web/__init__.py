"""What pages of all subjects share: lists, filters, widgets, labels of events."""
