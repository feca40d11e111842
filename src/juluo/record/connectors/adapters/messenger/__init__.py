"""Facebook Messenger: conversations from "download your information", encrypted ones included."""
