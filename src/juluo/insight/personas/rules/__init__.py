"""What differs beyond chance, and what a sentence asks for. No database, no clock, no network."""
