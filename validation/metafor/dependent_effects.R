#!/usr/bin/env Rscript
# Reference values for dependent effects, computed by metafor and clubSandwich (R).
# Usage: Rscript dependent_effects.R MODELS_DIR
# Reads konstantopoulos2011.csv, assink2016.csv and bcg.csv from MODELS_DIR (made by models.R) and
# writes dependent_effects.json beside them.
# Needs Debian's r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite.
# The variances are optimised as far as double precision allows: a log-likelihood of about 75 is
# known to 1e-14, and near its top it is quadratic, so the variances stand to about 1e-7.
suppressMessages({library(metafor); library(jsonlite); library(clubSandwich)})
dir <- commandArgs(trailingOnly=TRUE)[1]

tight <- list(optimizer="nlm", gradtol=1e-10, steptol=1e-12, iterlim=1000)
fit <- function(d, mods=~1, rho=NULL, ...) {
  V <- if (is.null(rho) || rho == 0) d$vi else vcalc(vi, cluster=cluster, obs=effect, rho=rho, data=d)
  climb <- function(start) rma.mv(yi, V, mods=mods, random=~1|cluster/effect, data=d, control=c(tight, start), ...)
  again <- climb(list())
  climb(list(sigma2.init=again$sigma2))  # nlm stops early at times; from there it goes on
}

# Multilevel I2 (Nakagawa & Santos 2012; Cheung 2014), as on metafor's page "I^2 for multilevel models".
i2 <- function(r) {
  W <- solve(r$V); X <- model.matrix(r)
  P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
  typical <- (r$k - r$p) / sum(diag(P))
  100 * c(total=sum(r$sigma2), cluster=r$sigma2[1], effect=r$sigma2[2]) / (sum(r$sigma2) + typical)
}
values <- function(r) {
  out <- list(estimate=as.vector(r$beta), se=r$se, stat=r$zval, p=r$pval, ci_low=r$ci.lb, ci_high=r$ci.ub,
    sigma2=r$sigma2, Q=r$QE, Q_p=r$QEp, QM=r$QM, QM_p=r$QMp, QM_df=as.vector(r$QMdf), loglik=as.vector(logLik(r)),
    ddf=if (is.null(r$ddf)) NA else as.vector(r$ddf), i2=as.list(i2(r)))
  if (r$int.only) { p <- predict(r); out$pi_low <- p$pi.lb; out$pi_high <- p$pi.ub }
  out
}
sandwich <- function(r, cluster, kind="CR2") {
  q <- if (kind == "CR2") robust(r, cluster=cluster, clubSandwich=TRUE) else robust(r, cluster=cluster, adjust=(kind == "CR1"))
  list(estimate=as.vector(q$beta), se=q$se, stat=as.vector(q$zval), df=rep_len(as.vector(q$dfs), length(q$se)),
       p=as.vector(q$pval), ci_low=q$ci.lb, ci_high=q$ci.ub)
}
profile <- function(r) {
  z <- confint(r, control=list(tol=1e-12, maxiter=10000))
  list(cluster=as.vector(z[[1]]$random[1,2:3]), effect=as.vector(z[[2]]$random[1,2:3]))
}

out <- list(software=list(metafor=as.character(packageVersion("metafor")), R=R.version.string,
  clubSandwich=as.character(packageVersion("clubSandwich"))))
# Centred: with raw years the design is so nearly singular that the likelihood loses its last digits.
mods <- list(konstantopoulos2011=~I(year - 1990), assink2016=~deltype)
for (n in names(mods)) {
  d <- read.csv(file.path(dir, paste0(n, ".csv")))
  reml <- fit(d); reg <- fit(d, mods[[n]]); che <- fit(d, rho=0.6); chereg <- fit(d, mods[[n]], rho=0.6)
  uni <- rma(yi, vi, data=d, control=list(threshold=1e-14, maxiter=10000, stepadj=0.5))
  unireg <- rma(yi, vi, mods=mods[[n]], data=d, control=list(threshold=1e-14, maxiter=10000, stepadj=0.5))
  common <- rma(yi, vi, data=d, method="EE")
  out[[n]] <- list(
    reml=values(reml), reml_t=values(fit(d, test="t", dfs="contain")),
    ml=values(fit(d, method="ML")),
    reg=values(reg), reg_t=values(fit(d, mods[[n]], test="t", dfs="contain")), reg_ml=values(fit(d, mods[[n]], method="ML")),
    che=values(che), che_reg=values(chereg), che_ml=values(fit(d, rho=0.6, method="ML")),
    profile=profile(reml), profile_ml=profile(fit(d, method="ML")), profile_che=profile(che),
    cr2=sandwich(reml, d$cluster), cr2_reg=sandwich(reg, d$cluster), cr2_che=sandwich(che, d$cluster),
    cr2_che_reg=sandwich(chereg, d$cluster), cr1_che_reg=sandwich(chereg, d$cluster, "CR1"), cr0_che_reg=sandwich(chereg, d$cluster, "CR0"),
    uni_tau2=uni$tau2, unireg_tau2=unireg$tau2,
    uni_cr2=sandwich(uni, d$cluster), uni_cr1=sandwich(uni, d$cluster, "CR1"), uni_cr0=sandwich(uni, d$cluster, "CR0"),
    unireg_cr2=sandwich(unireg, d$cluster), common_cr2=sandwich(common, d$cluster),
    sensitivity=lapply(c(0, 0.2, 0.4, 0.6, 0.8), function(rho) { r <- fit(d, rho=rho); c(list(rho=rho, sigma2=r$sigma2, loglik=as.vector(logLik(r))), sandwich(r, d$cluster)) }))
  cat(n, "\n")
}

# Every study its own cluster: CR2 is then HC2 with Bell and McCaffrey's degrees of freedom.
d <- read.csv(file.path(dir, "bcg.csv"))
uni <- rma(yi, vi, data=d, control=list(threshold=1e-14, maxiter=10000, stepadj=0.5))
unireg <- rma(yi, vi, mods=~ablat, data=d, control=list(threshold=1e-14, maxiter=10000, stepadj=0.5))
out$bcg <- list(uni_tau2=uni$tau2, unireg_tau2=unireg$tau2, uni_cr2=sandwich(uni, d$study), unireg_cr2=sandwich(unireg, d$study))

write(toJSON(out, digits=NA, auto_unbox=TRUE, na="null", null="null", pretty=TRUE), file.path(dir, "dependent_effects.json"))
