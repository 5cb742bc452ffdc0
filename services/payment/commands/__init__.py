"""Commands of payment: processes of its own, one file each."""
