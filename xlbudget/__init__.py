"""xlbudget: 预算绩效运行监控 — fill, check, compute, report, audit and consolidate in Excel."""

__version__ = "0.1.0"
