// DatabasePostgres
