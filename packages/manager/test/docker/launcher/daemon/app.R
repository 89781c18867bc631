Rserve::Rserve(args = "--vanilla")
