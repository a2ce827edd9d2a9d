# Random-effects models of random data sets by metafor, beside which run.py lays ours.
# Usage: Rscript sets.R effects.csv results.csv
suppressMessages(library(metafor))
paths <- commandArgs(trailingOnly = TRUE)
effects <- read.csv(paths[1])
iterated <- list(threshold = 1e-12, maxiter = 20000)

one <- function(set, method, test) {
  data <- effects[effects$set == set, ]
  control <- if (method %in% c("REML", "ML", "EB")) iterated else list()
  # metafor's default tolerance of its root search is 1e-4 of its range; ours is rounding.
  if (method == "PM") control <- list(tol = 1e-12, maxiter = 20000)
  fit <- rma(yi, vi, data = data, method = method, test = test, control = control)
  data.frame(
    set = set, method = tolower(method), test = test, estimate = c(fit$beta), std_error = fit$se,
    tau2 = fit$tau2, i2 = fit$I2, q = fit$QE, log_likelihood = as.numeric(logLik(fit))
  )
}

rows <- list()
for (set in unique(effects$set)) {
  for (method in c("REML", "ML", "DL", "PM", "SJ", "HE", "HS", "EB")) {
    for (test in c("z", "knha")) {
      row <- tryCatch(suppressWarnings(one(set, method, test)), error = function(e) NULL)
      rows[[length(rows) + 1]] <- row
    }
  }
}
write.csv(do.call(rbind, rows), paths[2], row.names = FALSE)
