"""Steps that bring an older catalogue to the present shape."""
