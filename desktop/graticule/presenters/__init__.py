"""What each panel shows and answers. No Qt."""
