"""What is put under a seal, whether the record still is as it was sealed, and the evidence made of it for others."""
