"""What is true about budget performance monitoring: models, money, measures. No input or output here."""
