"""WhatsApp chats exported by phone, as text or zip."""
