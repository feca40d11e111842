"""What happens when the power goes, the disk fills up, or two come at once."""
