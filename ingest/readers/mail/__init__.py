"""E-mail and the mailboxes of Outlook."""
