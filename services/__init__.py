"""The five services. None imports another; each can be deployed and scaled by itself."""
