"""Mattermost: bulk exports, and posts, channels and users as its API gives them."""
