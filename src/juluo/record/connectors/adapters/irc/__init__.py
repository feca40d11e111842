"""IRC logs: day files, irssi, WeeChat, ZNC, supybot and Limnoria."""
