"""The engines that keep the lake."""
