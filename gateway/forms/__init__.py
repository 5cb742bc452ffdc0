"""Forms that outlive a page: what was typed is kept until it is saved."""
