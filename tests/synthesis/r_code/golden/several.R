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

# ---- All trials ----

# Meta-analysis: Common-effect model, Wald-type interval.
# yi: Standardised mean difference (SMD in metafor's escalc); vi: its sampling variance.

studies <- data.frame(
  study = c("A 2001", "B \"two\"", "C", "D", "E", "F"),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03)
)

res <- rma(yi, vi, method = "EE", test = "z", level = 95, data = studies, slab = study)

cat("\nAll trials: Meta-analysis: Common-effect model, Wald-type interval\n")
report("k", res$k, 6)
report("estimate", res$beta[1], 0.254756)
report("std_error", res$se, 0.0646246)
report("statistic", res$zval, 3.9421)
report("p_value", res$pval, 8.07718e-05)
report("ci_low", res$ci.lb, 0.128095)
report("ci_high", res$ci.ub, 0.381418)
report("i2", res$I2, 30.7306)
report("h2", res$H2, 1.44364)
report("i2_q", 100 * max(0, 1 - (res$k - 1) / res$QE), 30.7306)
report("q", res$QE, 7.21819)
report("q_df", res$k - 1, 5)
report("q_p_value", res$QEp, 0.204912)
report("log_likelihood", res$fit.stats["ll", "ML"], 1.20042)
report("weight", weights(res),
       c(10.4408, 20.8817, 8.35267, 4.64037,
         41.7633, 13.9211),
       of = studies$study)


# ---- All trials: leave-one-out ----

# Leave-one-out: Common-effect model, Wald-type interval.
# yi: Standardised mean difference (SMD in metafor's escalc); vi: its sampling variance.
# metafor's function gives no prediction intervals, so they are not compared here.

# The data are those of the section above.

res <- rma(yi, vi, method = "EE", test = "z", level = 95, data = studies, slab = study)
found <- leave1out(res)

cat("\nAll trials: leave-one-out: Leave-one-out: Common-effect model, Wald-type interval\n")
report("estimate", found$estimate,
       c(0.272798, 0.229619, 0.296203, 0.237956,
         0.258167, 0.231267),
       of = studies$study)
report("std_error", found$se,
       c(0.0682877, 0.0726539, 0.0675053, 0.0661783,
         0.0846836, 0.0696545),
       of = studies$study)
report("ci_low", found$ci.lb,
       c(0.138956, 0.0872197, 0.163895, 0.108249,
         0.0921905, 0.0947465),
       of = studies$study)
report("ci_high", found$ci.ub,
       c(0.406639, 0.372018, 0.42851, 0.367663,
         0.424144, 0.367787),
       of = studies$study)
report("p_value", found$pval,
       c(6.47403e-05, 0.00157528, 1.1448e-05,
         0.000323539, 0.00229903, 0.000899534),
       of = studies$study)
report("q", found$Q,
       c(6.54965, 6.64492, 2.70517, 5.82938,
         7.21431, 6.40128),
       of = studies$study)
report("q_p_value", found$Qp,
       c(0.161689, 0.155885, 0.60831, 0.212258,
         0.124987, 0.171118),
       of = studies$study)


# ---- Egger ----

# Egger's test, weighted regression.
# yi: Standardised mean difference (SMD in metafor's escalc); vi: its sampling variance.
# Predictor: the standard error.

# The data are those of the section above.

line <- lm(yi ~ sqrt(vi), weights = 1 / vi, data = studies)
line_limits <- confint(line, level = 0.95)
res <- rma(yi, vi, method = "EE", test = "z", level = 95, data = studies)
asymmetry <- regtest(res, model = "lm", predictor = "sei")

cat("\nEgger: Egger's test, weighted regression\n")
report("k", nrow(studies), 6)
report("statistic of the test", asymmetry$zval, -0.172635)
report("p_value of the test", asymmetry$pval, 0.871321)
report("limit_estimate", asymmetry$est, 0.296103)
report("limit_ci_low", asymmetry$ci.lb, -0.4109)
report("limit_ci_high", asymmetry$ci.ub, 1.00311)
report("df", df.residual(line), 4)
report("estimate", coef(summary(line))[, 1],
       c(0.296103, -0.277709),
       of = c("intercept", "sei"))
report("std_error", coef(summary(line))[, 2],
       c(0.254643, 1.60864),
       of = c("intercept", "sei"))
report("statistic", coef(summary(line))[, 3],
       c(1.16282, -0.172635),
       of = c("intercept", "sei"))
report("p_value", coef(summary(line))[, 4],
       c(0.309548, 0.871321),
       of = c("intercept", "sei"))
report("ci_low", line_limits[, 1],
       c(-0.4109, -4.74401),
       of = c("intercept", "sei"))
report("ci_high", line_limits[, 2],
       c(1.00311, 4.1886),
       of = c("intercept", "sei"))

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
