"""What a service may say of its people together: form, grouping, figures, small numbers."""
