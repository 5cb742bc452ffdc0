"""What users are told beside the pages: notifications, and deadlines as a calendar feed."""
