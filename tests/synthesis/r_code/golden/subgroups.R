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

# Subgroups by risk of bias: Random-effects model (restricted maximum likelihood, Wald-type
# interval), a tau2 for each group.
# yi: effects of a measure that was not named; vi: their sampling variances.

studies <- data.frame(
  study = c("A 2001", "B \"two\"", "C", "D", "E", "F"),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03),
  group = factor(c("low", "high", "low", "high", "low", "high"),
      levels = c("low", "high"))
)

# All studies.
overall <- rma(yi, vi, method = "REML", test = "z", level = 95, data = studies,
               control = list(threshold = 1e-11, maxiter = 10000, stepadj = 0.5))

# Each group.
pool <- function(rows) {
  if (nrow(rows) == 1) {  # a single study is itself, with a normal interval
    res <- rma(yi, vi, method = "EE", level = 95, data = rows)
    return(c(k = 1, estimate = res$beta[1], std_error = res$se, ci_low = res$ci.lb,
             ci_high = res$ci.ub, p_value = res$pval,
             tau2 = 0, i2 = NA, q = 0, pi_low = NA, pi_high = NA))
  }
  res <- rma(yi, vi, method = "REML", test = "z", level = 95, data = rows,
             control = list(threshold = 1e-11, maxiter = 10000, stepadj = 0.5))
  predicted <- predict(res)
  c(k = res$k, estimate = res$beta[1], std_error = res$se,
    ci_low = res$ci.lb, ci_high = res$ci.ub, p_value = res$pval,
    tau2 = res$tau2, i2 = res$I2, q = res$QE, pi_low = predicted$pi.lb, pi_high = predicted$pi.ub)
}
pooled <- sapply(split(studies, studies$group), pool)

# The test between groups: their estimates, weighted by their inverse variances.
between <- rma(pooled["estimate", ], sei = pooled["std_error", ], method = "EE")

cat("\nSubgroups by risk of bias: Random-effects model (restricted maximum likelihood, Wald-type interval), a tau2 for each group\n")
report("estimate of all studies", overall$beta[1], 0.254756)
report("std_error of all studies", overall$se, 0.0646246)
report("tau2 of all studies", overall$tau2, 0)
report("k", pooled["k", ],
       c(3, 3),
       of = levels(studies$group))
report("estimate", pooled["estimate", ],
       c(0.108507, 0.397059),
       of = levels(studies$group))
report("std_error", pooled["std_error", ],
       c(0.12775, 0.102899),
       of = levels(studies$group))
report("ci_low", pooled["ci_low", ],
       c(-0.141878, 0.19538),
       of = levels(studies$group))
report("ci_high", pooled["ci_high", ],
       c(0.358891, 0.598737),
       of = levels(studies$group))
report("p_value", pooled["p_value", ],
       c(0.395675, 0.000113983),
       of = levels(studies$group))
report("tau2", pooled["tau2", ],
       c(0.0219953, 0),
       of = levels(studies$group))
report("i2", pooled["i2", ],
       c(43.132, 0),
       of = levels(studies$group))
report("q", pooled["q", ],
       c(3.49138, 0.568627),
       of = levels(studies$group))
report("pi_low", pooled["pi_low", ],
       c(-0.275142, 0.19538),
       of = levels(studies$group))
report("pi_high", pooled["pi_high", ],
       c(0.492156, 0.598737),
       of = levels(studies$group))
report("q_between", between$QE, 3.09431)
report("df", between$k - 1, 1)
report("p_value of the test between groups", between$QEp, 0.0785665)

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
