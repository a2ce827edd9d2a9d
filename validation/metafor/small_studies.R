#!/usr/bin/env Rscript
# Small-study tests on the modified standard error by metafor and lm. Usage: Rscript small_studies.R OUTDIR
# sqrt(1/n_t + 1/n_c): the standard error of an SMD without the effect (Pustejovsky & Rodgers 2019).
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
out <- commandArgs(trailingOnly=TRUE)[1]; dir.create(out, showWarnings=FALSE, recursive=TRUE)
sets <- list(
  # Synthetic: arms of very unequal size, so that 1/sqrt(N) and the modified error differ.
  uneven_arms = data.frame(study=letters[1:8], mean_t=c(.9,.8,.5,.6,.3,.4,.2,.1), sd_t=1,
    n_t=c(10,100,20,15,50,200,30,400), mean_c=0, sd_c=1, n_c=c(40,12,25,90,60,20,300,380)),
  normand1999 = with(dat.normand1999, data.frame(study=source, mean_t=m1i, sd_t=sd1i, n_t=n1i, mean_c=m2i, sd_c=sd2i, n_c=n2i)))
for (n in names(sets)) {
  d <- sets[[n]]
  e <- escalc("SMD", m1i=mean_t, sd1i=sd_t, n1i=n_t, m2i=mean_c, sd2i=sd_c, n2i=n_c, data=d)
  y <- as.vector(e$yi); v <- e$vi; x <- sqrt(1/d$n_t + 1/d$n_c)
  l <- lm(y ~ x, weights=1/v); s <- summary(l)$coefficients; ci <- confint(l)
  r <- rma(y, v, mods=~ x, method="REML", control=list(threshold=1e-12, maxiter=10000))
  write.csv(d, file.path(out, paste0(n, ".csv")), row.names=FALSE)
  write(toJSON(list(dataset=n, metafor=as.character(packageVersion("metafor")), yi=y, vi=v,
    lm=list(intercept=s[1,1], ci_low=ci[1,1], ci_high=ci[1,2], slope=s[2,1], se=s[2,2], stat=s[2,3], p=s[2,4]),
    rma=list(intercept=r$beta[1], slope=r$beta[2], se=r$se[2], stat=r$zval[2], p=r$pval[2])),
    digits=NA, auto_unbox=TRUE, pretty=TRUE), file.path(out, paste0(n, ".json")))
}
