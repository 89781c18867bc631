message("loading")
system("sleep 300")   # a child of R, which must not hold up the end either
