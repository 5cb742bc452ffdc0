"""Contract: suite.enrollment.v1.EnrollmentService, transport-neutral; proto in, proto out."""
