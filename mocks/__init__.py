"""The systems of the country as mocks: real call shapes, declared capacity, durable stores."""
