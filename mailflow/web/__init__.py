"""The pages. GET shows, POST acts: nothing that only looks may ever write."""
