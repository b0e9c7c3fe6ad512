"""What people see and click: each view asks, an action does."""
