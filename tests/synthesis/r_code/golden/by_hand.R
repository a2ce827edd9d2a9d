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

# Meta-analysis: Random-effects model (two-step DerSimonian-Laird, profile-likelihood
# interval).
# yi: Standardised mean difference (SMD in metafor's escalc); vi: its sampling variance.
# metafor has no two-step DerSimonian-Laird estimator by name: its generalised method of
# moments (GENQ) with the weights of the first step is the same, and the fit then takes that
# tau2 as known.
# metafor has no profile-likelihood interval of the pooled effect: it is found by hand, as
# the effects whose log-likelihood, at its best tau2, lies within half the chi-squared
# quantile of the maximum.
# metafor's predict() takes the quantiles of the interval. This prediction interval takes t
# on k - 2 degrees of freedom and the model's own standard error: it is computed by hand.

studies <- data.frame(
  study = c("A 2001", "B \"two\"", "C", "D", "E", "F"),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03)
)

first <- rma(yi, vi, method = "DL", data = studies)
second <- rma(yi, vi, method = "GENQ", weights = 1 / (vi + first$tau2), data = studies)
res <- rma(yi, vi, tau2 = second$tau2, test = "z", level = 95, data = studies, slab = study)
# The profile-likelihood interval and test of a pooled effect (Hardy & Thompson 1996).
profile_mu <- function(yi, vi, level) {
  height <- function(mu) {
    at <- function(tau2) sum(dnorm(yi, mu, sqrt(vi + tau2), log = TRUE))
    widest <- mean((yi - mu)^2) + max((yi - mu)^2)
    grid <- c(0, widest * 10^seq(-8, 0, by = 0.25))
    best <- which.max(sapply(grid, at))
    near <- c(grid[max(1, best - 1)], grid[min(length(grid), best + 1)])
    max(at(0), optimize(at, near, maximum = TRUE, tol = 1e-12 * widest)$objective)
  }
  ends <- range(yi)
  peak <- optimize(height, ends, maximum = TRUE, tol = 1e-12 * diff(ends))
  excess <- function(mu) peak$objective - height(mu) - qchisq(level, 1) / 2
  far <- 10 * diff(ends) + 10 * sqrt(max(vi))
  statistic <- sign(peak$maximum) * sqrt(max(0, 2 * (peak$objective - height(0))))
  list(statistic = statistic, p = 2 * pnorm(-abs(statistic)),
       low = uniroot(excess, peak$maximum - c(far, 0), tol = 1e-12 * far)$root,
       high = uniroot(excess, peak$maximum + c(0, far), tol = 1e-12 * far)$root)
}
profile <- profile_mu(studies$yi, studies$vi, 0.95)
spread <- confint(first, level = 95,
                  control = list(tol = 1e-12, maxiter = 10000))
spread <- spread$random["tau^2", c("ci.lb", "ci.ub")]
wi <- 1 / studies$vi
typical <- (res$k - 1) / (sum(wi) - sum(wi^2) / sum(wi))  # sampling variance, for I2
half <- qt(0.975, res$k - 2) * sqrt(1 / sum(1 / (res$vi + res$tau2)) + res$tau2)
predicted <- list(pi.lb = res$beta[1] - half, pi.ub = res$beta[1] + half)

cat("\nMeta-analysis: Random-effects model (two-step DerSimonian-Laird, profile-likelihood interval)\n")
report("k", res$k, 6)
report("estimate", res$beta[1], 0.248201)
report("std_error", res$se, 0.0904462)
report("statistic", profile$statistic, 2.53907)
report("p_value", profile$p, 0.0111148)
report("ci_low", profile$low, 0.0921413)
report("ci_high", profile$high, 0.400746)
report("tau2", res$tau2, 0.0186195)
report("tau2_se", second$se.tau2, 0.0315607)
report("tau2_ci_low", spread[1], 0)
report("tau2_ci_high", spread[2], 0.397763)
report("i2_ci_low", 100 * spread[1] / (spread[1] + typical), 0)
report("i2_ci_high", 100 * spread[2] / (spread[2] + typical), 93.397)
report("i2", res$I2, 39.8359)
report("h2", res$H2, 1.66212)
report("i2_q", 100 * max(0, 1 - (res$k - 1) / res$QE), 30.7306)
report("q", res$QE, 7.21819)
report("q_df", res$k - 1, 5)
report("q_p_value", res$QEp, 0.204912)
report("prediction_interval_low", predicted$pi.lb, -0.206323)
report("prediction_interval_high", predicted$pi.ub, 0.702724)
report("log_likelihood", res$fit.stats["ll", "ML"], 0.677955)
report("weight", weights(res),
       c(13.9553, 21.1824, 11.9216, 7.53136,
         28.5838, 16.8256),
       of = studies$study)

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
