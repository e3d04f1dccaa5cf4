"""How secret a case is: who is kept from it, who alone may open it, and breaking a seal with a reason."""
