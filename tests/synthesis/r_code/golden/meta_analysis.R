# Written by Arrowroot VERSION and checked with R 4.2.2 and metafor 3.8-1. The script needs
# the R package metafor, and no file: the data are in it at full precision. Iterations run
# to tighter limits than metafor's defaults, so that the numbers agree to more digits.

suppressMessages(library(metafor))

# Each line of the output: what it is, what R found, what Arrowroot found.
differences <- numeric(0)
report <- function(quantity, found, arrowroot, of = NULL) {
  found <- as.numeric(found)
  if (!is.null(of)) quantity <- paste0(quantity, " [", encodeString(of), "]")
  stopifnot(length(found) == length(arrowroot), length(found) == length(quantity))
  cat(sprintf("%-44s %22.15g %22.15g\n", quantity, found, arrowroot), sep = "")
  off <- abs(found - arrowroot) / pmax(1, abs(arrowroot))
  off[found == arrowroot] <- 0
  differences <<- c(differences, setNames(off, quantity))
}

# Meta-analysis: Random-effects model (restricted maximum likelihood,
# Hartung-Knapp-Sidik-Jonkman interval).
# yi: Standardised mean difference (SMD in metafor's escalc); vi: its sampling variance.

studies <- data.frame(
  study = c("A 2001", "B \"two\"", "C", "D", "E", "F"),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03)
)

res <- rma(yi, vi, method = "REML", test = "knha", level = 95, data = studies,
           slab = study, control = list(threshold = 1e-11, maxiter = 10000, stepadj = 0.5))
spread <- confint(res, level = 95,
                  control = list(tol = 1e-12, maxiter = 10000))
spread <- spread$random["tau^2", c("ci.lb", "ci.ub")]
wi <- 1 / studies$vi
typical <- (res$k - 1) / (sum(wi) - sum(wi^2) / sum(wi))  # sampling variance, for I2
predicted <- predict(res)

cat("\nMeta-analysis: Random-effects model (restricted maximum likelihood, Hartung-Knapp-Sidik-Jonkman interval)\n")
report("k", res$k, 6)
report("estimate", res$beta[1], 0.254756)
report("std_error", res$se, 0.0776474)
report("statistic", res$zval, 3.28094)
report("p_value", res$pval, 0.0219318)
report("ci_low", res$ci.lb, 0.0551574)
report("ci_high", res$ci.ub, 0.454355)
report("tau2", res$tau2, 0)
report("tau2_se", res$se.tau2, 0.0152108)
report("tau2_ci_low", spread[1], 0)
report("tau2_ci_high", spread[2], 0.397763)
report("i2_ci_low", 100 * spread[1] / (spread[1] + typical), 0)
report("i2_ci_high", 100 * spread[2] / (spread[2] + typical), 93.397)
report("i2", res$I2, 0)
report("h2", res$H2, 1)
report("i2_q", 100 * max(0, 1 - (res$k - 1) / res$QE), 30.7306)
report("q", res$QE, 7.21819)
report("q_df", res$k - 1, 5)
report("q_p_value", res$QEp, 0.204912)
report("prediction_interval_low", predicted$pi.lb, 0.0551574)
report("prediction_interval_high", predicted$pi.ub, 0.454355)
report("log_likelihood", res$fit.stats["ll", "REML"], 0.276082)
report("weight", weights(res),
       c(10.4408, 20.8817, 8.35267, 4.64037,
         41.7633, 13.9211),
       of = studies$study)

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
