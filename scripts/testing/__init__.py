"""The test runner: jobs, their schedule and their reports."""
