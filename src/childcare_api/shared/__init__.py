"""What every module may use and knows no word of the domain."""
