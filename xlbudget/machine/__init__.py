"""xlbudget on a machine: put in place, taken away, looked over."""
