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

# Meta-regression ~ dose + `risk of bias` (restricted maximum likelihood,
# Hartung-Knapp-Sidik-Jonkman intervals).
# yi: effects of a measure that was not named; vi: their sampling variances.
# x1 is the column 'risk of bias'.

studies <- data.frame(
  study = c("A 2001", "B \"two\"", "C", "D", "E", "F"),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03),
  dose = c(1, 2, 3, 4, 5, 6),
  x1 = factor(c("low", "high", "low", "high", "low", "high"),
    levels = c("high", "low"))
)

res <- rma(yi, vi, mods = ~ dose + x1, method = "REML", test = "knha", level = 95,
           data = studies, slab = study,
           control = list(threshold = 1e-11, maxiter = 10000, stepadj = 0.5))
# The design must be that of Arrowroot: each column, times row number, summed.
stopifnot(isTRUE(all.equal(
  as.numeric(seq_len(nrow(studies)) %*% model.matrix(res)),
  c(21, 91, 9)
)))

cat("\nMeta-regression ~ dose + `risk of bias` (restricted maximum likelihood, Hartung-Knapp-Sidik-Jonkman intervals)\n")
report("k", res$k, 6)
report("estimate", res$beta,
       c(0.258155, 0.0381568, -0.252018),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("std_error", res$se,
       c(0.178268, 0.0394504, 0.135839),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("statistic", res$zval,
       c(1.44813, 0.967212, -1.85527),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("p_value", res$pval,
       c(0.243411, 0.404784, 0.160581),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("ci_low", res$ci.lb,
       c(-0.309173, -0.0873918, -0.684317),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("ci_high", res$ci.ub,
       c(0.825483, 0.163705, 0.180281),
       of = c("Intercept", "dose", "risk of bias[T.low]"))
report("tau2", res$tau2, 0.00071537)
report("tau2_se", res$se.tau2, 0.0282349)
report("i2", res$I2, 1.89877)
report("h2", res$H2, 1.01936)
report("q_e", res$QE, 3.07721)
report("q_e_df", res$k - res$p, 3)
report("q_e_p_value", res$QEp, 0.379873)
report("q_m", res$QM, 2.03072)
report("q_m_p_value", res$QMp, 0.276913)
report("log_likelihood", res$fit.stats["ll", "REML"], 0.499618)

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
