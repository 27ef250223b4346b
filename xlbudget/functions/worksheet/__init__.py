"""The worksheet functions, a module a topic. All are found by themselves."""
