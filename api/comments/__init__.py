"""What readers write under articles: welcome, moderated, private."""
