"""The route table, one module for each topic: what an address of the API says about one rpc."""
