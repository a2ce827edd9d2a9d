# Written by Arrowroot VERSION and checked with R 4.2.2 and metafor 3.8-1. The script needs
# the R packages metafor and clubSandwich, and no file: the data are in it at full
# precision. Iterations run to tighter limits than metafor's defaults, so that the numbers
# agree to more digits.

suppressMessages(library(metafor))
suppressMessages(library(clubSandwich))

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

# Cluster-robust standard errors (CR2, Satterthwaite df) of: Effect: three-level model
# (REML, z intervals, sampling errors correlated by 0.4).
# yi: effects of a measure that was not named; vi: their sampling variances; cluster: the
# column team.
# CR2 with Satterthwaite's degrees of freedom is that of the package clubSandwich, which
# metafor's robust() calls.

studies <- data.frame(
  cluster = c("t1", "t1", "t2", "t2", "t3", "t3"),
  effect = c(1, 2, 3, 4, 5, 6),
  yi = c(0.1, 0.35, -0.2, 0.6, 0.25, 0.4),
  vi = c(0.04, 0.02, 0.05, 0.09, 0.01, 0.03),
  robust_cluster = c("t1", "t1", "t2", "t2", "t3", "t3")
)

# Sampling errors of a cluster correlate by 0.4.
same <- outer(studies$cluster, studies$cluster, "==")
V <- 0.4 * same * outer(sqrt(studies$vi), sqrt(studies$vi))
diag(V) <- studies$vi
climb <- function(start) {
  rma.mv(yi, V, mods = ~ 1, random = ~ 1 | cluster/effect, data = studies,
         method = "REML", test = "z", level = 95,
         control = c(list(optimizer = "nlm", gradtol = 1e-10, steptol = 1e-12, iterlim = 1000),
                     start))
}
res <- climb(list())
# The search stops early at times; from where it stopped it goes on.
res <- climb(list(sigma2.init = pmax(res$sigma2, 1e-12)))
# The design must be that of Arrowroot: each column, times row number, summed.
stopifnot(isTRUE(all.equal(
  as.numeric(seq_len(nrow(studies)) %*% model.matrix(res)),
  21
)))
sandwich <- robust(res, cluster = studies$robust_cluster, clubSandwich = TRUE)
half <- qt(0.975, sandwich$dfs) * sandwich$se

cat("\nCluster-robust standard errors (CR2, Satterthwaite df) of: Effect: three-level model (REML, z intervals, sampling errors correlated by 0.4)\n")
report("k", sandwich$k, 6)
report("n_clusters", sandwich$n, 3)
report("estimate", sandwich$beta,
       0.243875,
       of = "Intercept")
report("std_error", sandwich$se,
       0.0511864,
       of = "Intercept")
report("statistic", sandwich$zval,
       4.76445,
       of = "Intercept")
report("p_value", sandwich$pval,
       0.0497949,
       of = "Intercept")
report("ci_low", sandwich$beta - half,
       0.000583892,
       of = "Intercept")
report("ci_high", sandwich$beta + half,
       0.487165,
       of = "Intercept")
report("df", rep_len(sandwich$dfs, 1),
       1.81446,
       of = "Intercept")

worst <- which.max(differences)
cat(sprintf("\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\n",
            differences[worst], names(differences)[worst]))
