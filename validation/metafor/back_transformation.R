# Proportions and correlations turned back by metafor: each study with its own sample size, pooled
# values with the harmonic mean (transf.ipft.hm). Usage: Rscript back_transformation.R OUTDIR
suppressMessages({library(metafor); library(jsonlite)})
out <- commandArgs(trailingOnly=TRUE)[1]; dir.create(out, showWarnings=FALSE, recursive=TRUE)

shares <- c("PR", "PLN", "PLO", "PAS", "PFT")
sets <- list(
  arcsine_three = list(x = c(1, 6, 0), n = rep(30, 3), measures = shares),
  arcsine_two = list(x = c(0, 3), n = c(40, 40), measures = c("PLO", "PAS", "PFT")),
  # Fifteen proportions, several of them 100%, as in a public report on R's package meta.
  full = list(x = c(11, 4, 4, 9, 9, 8, 87, 40, 39, 33, 11, 13, 33, 4, 109),
              n = c(11, 4, 5, 9, 9, 8, 98, 48, 58, 58, 13, 14, 37, 5, 115), measures = shares),
  sparse = list(x = c(0, 0, 0, 1), n = c(10, 10, 20, 40), measures = shares),
  # Miller 1978, Am Stat 32:138.
  miller1978 = list(x = c(3, 6, 10, 1), n = c(11, 17, 21, 6), measures = shares),
  # Sample sizes from 29 to 200,000, after Schwarzer et al. 2019, Res Synth Methods 10:476-483.
  sizes_apart = list(x = c(12, 60, 3, 4100, 1), n = c(9000, 20000, 800, 200000, 29),
                     measures = shares),
  correlations = list(x = c(.95, .62, .99, -.2, .8), n = c(8, 30, 6, 12, 60),
                      measures = c("COR", "ZCOR"))
)
back <- list(PR = identity, PLN = exp, PLO = transf.ilogit, PAS = transf.iarcsin, COR = identity,
             ZCOR = transf.ztor)
names_of <- c("estimate", "ci_low", "ci_high", "pi_low", "pi_high")

for (name in names(sets)) {
  s <- sets[[name]]
  found <- list()
  for (measure in s$measures) {
    e <- if (grepl("COR", measure)) escalc(measure, ri = s$x, ni = s$n) else
      escalc(measure, xi = s$x, ni = s$n)
    y <- as.vector(e$yi); v <- as.vector(e$vi); half <- qnorm(.975) * sqrt(v)
    own <- function(z) if (measure == "PFT") mapply(transf.ipft, z, s$n) else back[[measure]](z)
    pooled <- function(z) if (measure == "PFT") transf.ipft.hm(z, targs = list(ni = s$n)) else
      back[[measure]](z)
    one <- list(n = s$n, yi = y, vi = v, effect = own(y), effect_low = own(y - half),
                effect_high = own(y + half))
    for (way in c("common wald", "random wald", "random hksj")) {
      fit <- if (way == "common wald") rma(y, v, method = "EE") else
        rma(y, v, method = "REML", test = if (way == "random wald") "z" else "knha",
            control = list(threshold = 1e-14, maxiter = 1e5, stepadj = .5))
      p <- predict(fit)
      raw <- c(p$pred, p$ci.lb, p$ci.ub, if (way != "common wald") c(p$pi.lb, p$pi.ub))
      seen <- sapply(raw, pooled)
      one[[way]] <- as.list(setNames(seen, names_of[seq_along(seen)]))
    }
    found[[measure]] <- one
  }
  write(toJSON(list(software = paste("R", getRversion(), "metafor", packageVersion("metafor")),
                    measures = found), digits = NA, auto_unbox = TRUE, pretty = TRUE),
        file.path(out, paste0(name, ".json")))
}

# The common tau2 of subgroups with its interval: that of the model with the group as moderator.
d <- data.frame(yi = c(.30, .31, .30, .29, .1, .9, -.5, 1.3), vi = .02, g = rep(c("a", "b"), each = 4))
fit <- rma(yi, vi, mods = ~ g, data = d, control = list(threshold = 1e-14, maxiter = 1e5))
limits <- confint(fit, control = list(tol = 1e-12))$random["tau^2", ]
typical <- function(v) { w <- 1 / v; (length(v) - 1) * sum(w) / (sum(w)^2 - sum(w^2)) }
write(toJSON(list(yi = d$yi, vi = d$vi, g = d$g, tau2 = limits[["estimate"]],
                  tau2_ci = as.vector(limits[2:3]),
                  i2_ci = 100 * as.vector(limits[2:3]) / (as.vector(limits[2:3]) + typical(d$vi[1:4]))),
             digits = NA, auto_unbox = TRUE, pretty = TRUE),
      file.path(out, "common_tau2.json"))
