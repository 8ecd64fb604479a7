"""Cohorts: rounds of interns, or sprints."""
