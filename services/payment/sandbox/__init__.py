"""The sandbox processor: stands in for a card and bank processor, which is truly outside. No real money moves.

Well-known numbers (with any expiry to come, any security code and routing number 110000000):

- card 4242 4242 4242 4242 approves; 4000 0000 0000 0002 declines; 4000 0000 0000 9995 has insufficient funds;
  4000 0000 0000 0259 approves late (after about 3 seconds); 4000 0000 0000 0101 takes a dollar more than was asked, as
  a processor that makes a mistake; 4000 0000 0000 0119 approves without an answer to the request, as over a line that
  breaks; 4000 0000 0000 0325 approves and says so twice; other cards approve
- bank account 000123456789 approves; 000111111113 declines; other accounts approve

It keeps charges in memory and no card or account number at all: a token says how the charge will end, so that one made
before a restart still works after it.
"""
