"""What people are reminded of besides their KPIs: facts with their days, no words."""
